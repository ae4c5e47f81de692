"""What is known of a lesson before the first answer: the date, the author, the unit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice

from ingest.front_matter.places import Steps
from ingest.kinds import KindTable
from ingest.lesson import Lesson
from ingest.problem import Unreadable
from ingest.reading import read_lesson
from kb.codify.draft import Draft
from kb.codify.starter import is_example
from kb.config import Config, corpus_of
from kb.corpus.usage import Usage
from kb.errors import KbError
from kb.system.git import Author
from search.errors import SearchError

_LOOKED_AT = 30
"""Number of newest lessons that are read if there is no index: reading all would be noticeably slow."""
_TAGS_NAMED = 6

_DATE_PROPOSED: Mapping[Steps, str] = {
    ("date",): "proposed: today, because the notes do not name the day on which it ended"
}
TAGS_IN_USE = "in use, and may fit:"
"""Introduces the tags in the comment beside their key."""


def known(
    lessons: Sequence[Lesson], author: Author | None, today: date, about: str, *, from_notes: bool = False
) -> Draft:
    """Return the values that can be derived from other lessons; `about` is all text of the lesson so far.

    The date is today, because a lesson is written when the intervention ends. Notes may be older, so for them the date
    is only a proposal.
    """
    people = [_as_person(author)] if author else []
    values = {"date": today.isoformat(), "status": "draft", "people": people}
    comments = {**_fitting_tags(lessons, about), **(_DATE_PROPOSED if from_notes else {})}
    return Draft(values, comments).over(_unit(lessons, author))


def _as_person(author: Author) -> dict[str, str]:
    person = {"name": author.name, "role": "learning-professional", "contact": author.email}
    return {key: value for key, value in person.items() if value}


def _fitting_tags(lessons: Sequence[Lesson], about: str) -> Mapping[Steps, str]:
    """Return a comment with the tags in use that occur in the text."""
    usage = Usage(Counter(tag for lesson in lessons for tag in dict.fromkeys(lesson.tags)))
    tags = usage.proposed(about)[:_TAGS_NAMED]
    return {("tags",): f"{TAGS_IN_USE} [{', '.join(tags)}]"} if tags else {}


def _unit(lessons: Sequence[Lesson], author: Author | None) -> Draft:
    """Return the unit of this author's last lesson; else the unit of anybody's last lesson as a proposal."""
    lessons = [lesson for lesson in lessons if lesson.unit]
    for lesson in lessons:
        if author and _is_by(lesson, author):
            return Draft({"unit": lesson.unit})
    if lessons:
        return Draft({"unit": lessons[0].unit}, {("unit",): f"proposed, as in {lessons[0].path}"})
    return Draft()


def model_lessons(indexed: Callable[[], Iterable[Lesson]], config: Config) -> Sequence[Lesson]:
    """Return the lessons, the newest first: all of the index, or without one those written last.

    The example of a new knowledge base is left out, because its unit and tags fit no other lesson.
    """
    try:
        found = indexed()
    except (KbError, SearchError):  # a missing or unreadable index must not prevent writing
        found = islice(_last_written(config), _LOOKED_AT)
    return [lesson for lesson in found if not is_example(lesson)]


def _last_written(config: Config) -> Iterator[Lesson]:
    corpus = corpus_of(config)
    files = sorted(corpus.find().files, key=lambda file: (file.mtime_ns, file.path), reverse=True)
    for file in files:
        try:
            yield read_lesson(corpus.read(file.path), file.path, file.path, KindTable()).lesson
        except Unreadable:
            continue


def _is_by(lesson: Lesson, author: Author) -> bool:
    names = {author.name.casefold(), author.email.casefold()} - {""}
    return any({person.name.casefold(), person.contact.casefold()} & names for person in lesson.people)
