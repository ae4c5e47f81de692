"""Analogous cases: finds the lessons similar to a lesson or a draft."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.files.corpus import MAX_BYTES
from ingest.files.reason import reason_of
from ingest.files.regular_file import read_regular
from ingest.kinds import KindTable
from ingest.lesson import Lesson
from ingest.problem import Unreadable
from ingest.reading import read_lesson
from kb.errors import UnknownLesson
from kb.lessons.likeness import Likeness, likeness
from kb.retrieval.answer import Answer
from kb.retrieval.request import FilterOptions, Request
from search.engine import Relevance

if TYPE_CHECKING:
    from kb.forms.find import search as forms
    from kb.retrieval.searcher import Searcher


@dataclass(frozen=True, slots=True)
class Subject:
    """The lesson or draft that others are compared with."""

    lesson: Lesson
    text: str
    indexed: bool

    def request(self, limit: int) -> Request:
        """Return the request for what is similar: the whole text is the query, and the subject itself is left out."""
        lesson = self.lesson
        text = "\n".join([lesson.title, lesson.summary, *lesson.answers, self.text])
        excluded = (lesson.path,) if self.indexed else ()
        return Request(text, is_page=True, display=lesson.title, limit=limit, every=True, excluded=excluded)


@dataclass(frozen=True, slots=True)
class Analogies:
    """The lessons similar to a subject, each with its comparison."""

    subject: Subject
    answer: Answer
    likenesses: tuple[Likeness, ...]
    changed_since: int
    """Number of lessons changed since the index was built."""

    @property
    def are_alike(self) -> bool:
        """Whether the most similar lesson is judged an answer."""
        return self.answer.relevance is Relevance.ANSWERS

    def as_json(self) -> forms.SimilarAnswer:
        pairs = zip(self.answer.results, self.likenesses, strict=True)
        return {
            **self.answer.head_as_json(self.changed_since),
            "hits": [{**result.as_json(), **alike.as_json()} for result, alike in pairs],
        }


def draft(path: Path, kinds: KindTable) -> Subject:
    """Return any Markdown file as a subject; raises `UnknownLesson` if it cannot be read."""
    try:
        reading = read_lesson(read_regular(path, MAX_BYTES), str(path), path.stem, kinds)
    except OSError as error:
        raise UnknownLesson(f"{path}: {reason_of(error)}") from error
    except Unreadable as error:
        raise UnknownLesson(f"{path}: {error}") from error
    rows = reading.text.split("\n")
    return Subject(
        reading.lesson, "\n".join("\n".join(rows[slice(*section.lines)]) for section in reading.sections), indexed=False
    )


def analogies(
    searcher: Searcher, subject: Subject, filters: FilterOptions, *, limit: int, changed_since: int
) -> Analogies:
    """Search for what is similar to a subject, and compare it; raises `QueryError` for wrong filters."""
    answer = searcher.ask(replace(subject.request(limit), filters=filters))
    likenesses = tuple(likeness(subject.lesson, result.lesson) for result in answer.results)
    return Analogies(subject, answer, likenesses, changed_since)
