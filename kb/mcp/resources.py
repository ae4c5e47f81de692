"""The lessons as resources: `kb://lesson/ID`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import quote, unquote

from kb.errors import UnknownLesson
from kb.knowledge_base import KnowledgeBase
from kb.mcp.tools import TOOLS, cleaner_of
from kb.visible import visible

TEMPLATE = "kb://lesson/{id}"
_START = "kb://lesson/"
_PER_PAGE = 100
_MOST_COMPLETED = 100
_MOST_TOKENS = 10_000


class UnknownCursor(ValueError):
    """A page that no list has named."""


class Listed(NamedTuple):
    """A lesson in the list of resources."""

    uri: str
    name: str
    title: str


class Page(NamedTuple):
    """A page of the list."""

    lessons: tuple[Listed, ...]
    following: str | None
    """The cursor of the next page; None after the last."""


class Completions(NamedTuple):
    """Ids that begin as typed, or have it inside."""

    ids: tuple[str, ...]
    total: int


def uri_of(id_: str) -> str:
    return _START + quote(id_, safe="")


def page(base: KnowledgeBase, cursor: str | None) -> Page:
    """Return a page of all lessons, by path; raises `UnknownCursor`, `IndexUnusable`."""
    names = base.overview.names()
    if cursor is not None and not (cursor.isascii() and cursor.isdigit() and len(cursor) < 10):
        raise UnknownCursor("no list has named this cursor; begin again without one")
    first = int(cursor or 0)
    shown = names[first : first + _PER_PAGE]
    end = first + len(shown)
    cleaned = cleaner_of(base).text
    listed = tuple(Listed(uri_of(name.id), visible(name.id), cleaned(name.title)) for name in shown)
    return Page(listed, str(end) if end < len(names) else None)


def read(base: KnowledgeBase, uri: str) -> str:
    """Return a lesson as `show` does; raises `UnknownLesson` if no lesson has exactly this id."""
    id_ = unquote(uri.removeprefix(_START)) if uri.startswith(_START) else ""
    lesson = base.find(id_, looks_at_files=False)[0] if id_ else None
    if lesson is None or lesson.id != id_:
        raise UnknownLesson(f"no lesson has this address; those that there are begin with {_START}")
    return TOOLS["show"].answered(base, {"id": lesson.path, "max_tokens": _MOST_TOKENS}).text


def completed(base: KnowledgeBase, argument: Mapping[str, str]) -> Completions:
    """Return the ids that fit what was typed: those that begin with it first."""
    typed = argument["value"].casefold()
    ids = [name.id for name in base.overview.names()]
    beginning = [id_ for id_ in ids if id_.casefold().startswith(typed)]
    inside = [id_ for id_ in ids if typed in id_.casefold() and not id_.casefold().startswith(typed)]
    found = [*beginning, *inside]
    return Completions(tuple(map(visible, found[:_MOST_COMPLETED])), len(found))
