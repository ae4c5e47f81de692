"""Requests to a library: a query line or a page of text, filters, and limits of the answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.lessons.evidence import SCALES
from search.errors import QueryError
from search.query import EVERYTHING, Mode, Query, clean_query, page_query

if TYPE_CHECKING:
    from kb.system.last_hits import LastHit
    from search.query import Condition

_WHERE = re.compile(r"\s*([^\s=<>:]+)\s*([<>]=?|=|:)\s*(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class FilterOptions:
    """The values of `--tag`, `--kind`, `--since`, `--until` and `--where`.

    Each has the same meaning as its condition in the query language.
    """

    tag: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    where: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return any((self.tag, self.kind, self.since is not None, self.until is not None, self.where))

    def check(self) -> None:
        """Raise `QueryError` if the filters are invalid, before an index is built or opened for them."""
        if self:
            from search.query import parse_condition

            self.conditions(lambda field, text: parse_condition(field, text, scales=SCALES))

    def conditions(self, read: Callable[[str, str], Condition]) -> tuple[Condition, ...]:
        """Return the conditions, all of which must be met; `read` makes one from a field and its text.

        Raises `QueryError`.
        """
        return tuple(read(field, text) for field, text in self._typed_conditions())

    def _typed_conditions(self) -> Iterator[tuple[str, str]]:
        for tag in self.tag:
            yield "tag", tag
        if self.kind:
            yield "kind", "|".join(self.kind)
        if self.since is not None:
            yield "date", f">={_period_of(self.since)[0]}"
        if self.until is not None:
            yield "date", f"<={_period_of(self.until)[1]}"
        for condition in self.where:
            match = _WHERE.fullmatch(condition)
            if not match:
                raise QueryError(f"--where {condition!r}: write key=value, key>=value or key=x..y, such as unit=toyota")
            key, operator, value = match.groups()
            yield key, value if operator in "=:" else operator + value


@dataclass(frozen=True, slots=True)
class Request:
    """A search request, with the limits of its answer."""

    text: str = ""
    """A line in the query language, or a page; empty if there are only filters."""
    is_page: bool = False
    """Whether the text is plain text, without operators."""
    filters: FilterOptions = FilterOptions()
    mode: Mode = Mode.HYBRID
    limit: int = 5
    """Most lessons to return."""
    passages: int | None = None
    """Most passages per lesson; None for all that the ranking has."""
    every: bool = False
    """Whether to return lessons up to the limit even if none is judged relevant."""
    display: str = ""
    """Text shown as the query in the answer to a page; empty for the page itself."""
    excluded: tuple[str, ...] = ()
    """Paths of lessons to leave out."""
    exact: bool = False
    """Whether words are searched only as typed, even if they look misspelt."""

    def check(self) -> None:
        """Raise `QueryError` if the request is empty or invalid, before an index is built for it."""
        if self.is_page:
            page_query(self.text)
        elif not self._asks_filters_alone:
            clean_query(self.text)
        self.filters.check()

    def query(self, parse: Callable[[str], Query], condition: Callable[[str, str], Condition]) -> Query:
        """Return the query; `parse` reads its line and `condition` its filters; raises `QueryError`."""
        query = EVERYTHING if self._asks_filters_alone else self._text_query(parse)
        return query.with_filters(self.filters.conditions(condition))._replace(exact=self.exact or query.exact)

    def _text_query(self, parse: Callable[[str], Query]) -> Query:
        return page_query(self.text, self.display) if self.is_page else parse(self.text)

    @property
    def _asks_filters_alone(self) -> bool:
        return bool(self.filters) and not self.is_page and not self.text.strip()


@dataclass(frozen=True, slots=True)
class SimilarRequest:
    """A request for lessons similar to one."""

    name: str
    """The name of that lesson, as for `KnowledgeBase.subject`."""
    limit: int | None = None
    """Most lessons to return; None for the limit of `kb.toml`."""
    last: Sequence[LastHit] | None = None
    """Hits of the last search, which `name` may give by number."""
    filters: FilterOptions = FilterOptions()
    """What the similar lessons must have."""


def _period_of(when: str) -> tuple[str, str]:
    from kb.figures.period import period_of  # most searches have no period

    return period_of(when)
