"""Where each page of a site is: names that every file system and web server takes, and that never change."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

from ingest.lesson import Lesson

_SAFE = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}(?:/[a-z0-9][a-z0-9_-]{0,79}){0,5}")
_MOST = 160
_OF_WINDOWS = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:/|$)|.*/(?:con|prn|aux|nul|com\d|lpt\d)(?:/|$)")
_OTHERS = re.compile(r"[^a-z0-9]+")
_LONGEST_HEAD, _DIGITS = 40, 20


def file_name(name: str) -> str:
    """Return a name without suffix for the page of something: itself if it can be one, else a digest marks it.

    `~` is in no name that stays as it is, so a page never takes the place of another's, also on file systems that do
    not tell capitals apart.
    """
    if _SAFE.fullmatch(name) and len(name) <= _MOST and not _OF_WINDOWS.match(name):
        return name
    head = _OTHERS.sub("-", name.casefold()).strip("-")[:_LONGEST_HEAD].rstrip("-")
    return f"{head}~{sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:_DIGITS]}"


class SiteAddresses(NamedTuple):
    """The addresses of all pages of a site, from its first page."""

    pages: Mapping[str, str]
    """The page of each lesson, by its id."""
    ids: Mapping[str, str]
    """The id of each lesson, by its path."""

    @classmethod
    def of(cls, lessons: Sequence[Lesson]) -> SiteAddresses:
        return cls({lesson.id: lesson_page(lesson.id) for lesson in lessons}, {one.path: one.id for one in lessons})

    def lesson(self, id_: str) -> str | None:
        return self.pages.get(id_)

    def tag(self, tag: str) -> str:
        return f"tag/{file_name(tag)}.html"

    def unit(self, unit: str) -> str:
        return f"unit/{file_name(unit)}.html"


def lesson_page(id_: str) -> str:
    return f"lesson/{file_name(id_)}.html"


def root_from(page: str) -> str:
    """Return how the first page is reached from a page: `../` for each folder."""
    return "../" * page.count("/")


def topic_page(number: int) -> str:
    return f"topic/{number}.html"
