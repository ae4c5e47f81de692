"""What is known of a lesson before anybody has said a word: today, who writes, and where."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import islice

from ingest.kinds import KindTable
from ingest.lesson import Lesson
from ingest.places import Steps
from ingest.problem import Unreadable
from ingest.reading import read_lesson
from kb.codify.draft import Draft
from kb.config import Config, corpus_of
from kb.repository import Author

_LOOKED_AT = 30
"""So many of the lessons that were written last are asked for unit and tags: reading all would be felt."""

TAGS_IN_USE = "in use, and may fit:"
"""What a draft says of them, beside its key."""


def known(config: Config, author: Author | None, today: date, about: str) -> Draft:
    """Return what a new lesson can say of itself; `about` is all that is said of it so far.

    Its date is the day: a lesson is written when the intervention ends, and its file is named so.
    """
    people = [{"name": author.name, "role": "learning-professional", "contact": author.email}] if author else []
    values = {"date": today.isoformat(), "status": "draft", "people": people}
    lessons = list(islice(_last_written(config), _LOOKED_AT))
    return Draft(values, _fitting_tags(lessons, about)).over(_unit(lessons, author))


def _fitting_tags(lessons: Sequence[Lesson], about: str) -> Mapping[Steps, str]:
    """Return a remark with the tags in use that stand in what is said, word for word."""
    words = set(_words(about))
    used = (tag for lesson in lessons for tag in lesson.tags)
    tags = dict.fromkeys(tag for tag in used if _words(tag) and words.issuperset(_words(tag)))
    return {("tags",): f"{TAGS_IN_USE} [{', '.join(tags)}]"} if tags else {}


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())


def _unit(lessons: Sequence[Lesson], author: Author | None) -> Draft:
    """Return the unit of this author's last lesson; else, as a proposal, of the last by anybody."""
    lessons = [lesson for lesson in lessons if lesson.unit]
    for lesson in lessons:
        if author and _is_by(lesson, author):
            return Draft({"unit": lesson.unit})
    if lessons:
        return Draft({"unit": lessons[0].unit}, {("unit",): f"proposed, as in {lessons[0].path}"})
    return Draft()


def _last_written(config: Config) -> Iterator[Lesson]:
    corpus = corpus_of(config)
    files = sorted(corpus.find().files, key=lambda file: (file.mtime_ns, file.path), reverse=True)
    for file in files:
        try:
            yield read_lesson(corpus.read(file.path), file.path, file.path, KindTable()).lesson
        except Unreadable:
            continue


def _is_by(lesson: Lesson, author: Author) -> bool:
    names = {author.name.casefold(), author.email.casefold()}
    return any({person.name.casefold(), person.contact.casefold()} & names for person in lesson.people)
