"""What each path answers; loaded when the first page is asked for, because that takes longer than a server's start."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, Any, NamedTuple

import msgspec

from kb.serve.api.parameters import Nothing
from kb.serve.page.asked import Question
from kb.serve.page.frame import Place
from kb.serve.page.keeping import gaps_page, stale_page, status_page
from kb.serve.page.library import Library
from kb.serve.page.overviews import impact_page, lessons_page, map_page, topic_page
from kb.serve.page.problem import brief_page, who_page
from kb.serve.page.search import results_page, start_page


class Numbered(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A page of a list."""

    page: Annotated[int, msgspec.Meta(ge=1, le=100_000)] = 1


class PageKind(NamedTuple):
    """A kind of page."""

    parameters: type[msgspec.Struct]
    make: Callable[[Library, Any, Place, Mapping[str, Any]], str]
    """Takes what is asked, where the page stands, and what its path names."""


def _search(library: Library, question: Question, place: Place, _: Mapping[str, Any]) -> str:
    return results_page(library, question, place) if question.asks else start_page(library, place)


def _topic(library: Library, asked: Numbered, place: Place, path: Mapping[str, Any]) -> str:
    return topic_page(library, path["number"], asked.page, date.today(), place)


KINDS: Mapping[str, PageKind] = {
    "/": PageKind(Question, _search),
    "/brief": PageKind(Question, lambda library, asked, place, _: brief_page(library, asked, place)),
    "/who": PageKind(Question, lambda library, asked, place, _: who_page(library, asked, place)),
    "/lessons": PageKind(Numbered, lambda library, asked, place, _: lessons_page(library, asked.page, place)),
    "/map": PageKind(Nothing, lambda library, _, place, __: map_page(library, date.today(), place)),
    "/topics/{number:int}": PageKind(Numbered, _topic),
    "/impact": PageKind(Nothing, lambda library, _, place, __: impact_page(library, place)),
    "/gaps": PageKind(Nothing, lambda library, _, place, __: gaps_page(library, place)),
    "/stale": PageKind(Nothing, lambda library, _, place, __: stale_page(library, date.today(), place)),
    "/status": PageKind(Nothing, lambda library, _, place, __: status_page(library, place)),
}
"""The kind of page at each path."""
