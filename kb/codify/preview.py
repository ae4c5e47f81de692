"""A lesson that is being written, as a search for its title would show it."""

from __future__ import annotations

from ingest.passages.prose import readable_passages
from ingest.passages.splitting import split_lesson
from ingest.reading import Reading
from kb.people.contact import whom_to_ask
from kb.people.directory import Directory
from kb.people.withholding import permitted
from kb.retrieval.answer import Result
from kb.retrieval.results import shown_alone
from search.indexing import OF_NO_MODEL
from search.query import terms


def preview(reading: Reading, people: Directory) -> Result:
    """Return this lesson as a search result, without an index or a model."""
    passages = split_lesson(reading, OF_NO_MODEL)
    information = dict.fromkeys(terms(reading.lesson.title), 1.0)
    lesson = permitted(reading.lesson, people)
    return shown_alone(lesson, passages, readable_passages(passages), information, whom_to_ask(lesson, people))
