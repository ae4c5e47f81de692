"""Where each page of the server is, from its first page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from urllib.parse import quote, urlencode

from ingest.lesson import Lesson
from kb.serve.page.asked import value_of

LESSONS = "lessons/"
_SEGMENTS_THAT_MOVE = ("", ".", "..")


class LiveAddresses(NamedTuple):
    """The addresses of the pages of one library."""

    pages: Mapping[str, str]
    """The page of each lesson that can have one, by its id."""
    ids: Mapping[str, str]
    """The id of each lesson, by its path."""

    @classmethod
    def of(cls, lessons: Sequence[Lesson]) -> LiveAddresses:
        pages = {lesson.id: page for lesson in lessons if (page := lesson_page(lesson.id))}
        return cls(pages, {lesson.path: lesson.id for lesson in lessons})

    def lesson(self, id_: str) -> str | None:
        return self.pages.get(id_)

    def tag(self, tag: str) -> str:
        return f"?{urlencode({'tag': value_of(tag)})}"

    def unit(self, unit: str) -> str:
        return f"?{urlencode({'unit': unit})}"


def lesson_page(id_: str) -> str:
    """Return the address of a lesson; empty for an id that browsers would change."""
    parts = id_.split("/")
    moves = any(part in _SEGMENTS_THAT_MOVE for part in parts)
    if moves and len(parts) == 1:
        return ""
    return LESSONS + quote(id_.encode("utf-8", "replace"), safe="" if moves else "/")


def root_of(raw_path: str) -> str:
    """Return how the first page is reached from the page with a path, as it was asked for."""
    return "../" * (raw_path.count("/") - 1) or "./"
