"""What is asked of a library: a line in the query language or a page, filters, and how much of the answer is wanted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from search.errors import QueryError
from search.mode import Mode
from search.query.query import EVERYTHING, Query, clean_query, page_query

if TYPE_CHECKING:
    from kb.system.last_hits import LastHit
    from search.query.filters import Condition

_WHERE = re.compile(r"\s*([^\s=<>:]+)\s*([<>]=?|=|:)\s*(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class FilterOptions:
    """What was given with `--tag`, `--kind`, `--since`, `--until` and `--where`.

    Each makes the same condition as the query language.
    """

    tag: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    where: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return any((self.tag, self.kind, self.since is not None, self.until is not None, self.where))

    def check(self) -> None:
        """Raise `QueryError` for what no library could read, before an index is built or opened for it."""
        if self:
            from search.query.filters import parse_condition

            self.conditions(parse_condition)

    def conditions(self, read: Callable[[str, str], Condition]) -> tuple[Condition, ...]:
        """Return the conditions, all of which are to be met, as `read` has a field and what it is to say.

        Raises `QueryError`.
        """
        return tuple(read(field, text) for field, text in self._said())

    def _said(self) -> Iterator[tuple[str, str]]:
        for tag in self.tag:
            yield "tag", tag
        if self.kind:
            yield "kind", "|".join(self.kind)
        if self.since is not None:
            yield "date", f">={_period_of(self.since)[0]}"
        if self.until is not None:
            yield "date", f"<={_period_of(self.until)[1]}"
        for said in self.where:
            match = _WHERE.fullmatch(said)
            if not match:
                raise QueryError(f"--where {said!r}: write key=value, key>=value or key=x..y, such as unit=toyota")
            key, operator, value = match.groups()
            yield key, value if operator in "=:" else operator + value


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a library, and how much of the answer is wanted."""

    text: str = ""
    """A line in the query language; empty where filters alone are asked."""
    is_page: bool = False
    """Whether the text is taken as it is, without operators."""
    filters: FilterOptions = FilterOptions()
    mode: Mode = Mode.HYBRID
    limit: int = 5
    """How many lessons."""
    passages: int | None = None
    """How many passages of each; None is all that a ranking has."""
    every: bool = False
    """Whether lessons of which none is sure to help are wanted up to the limit too."""
    said: str = ""
    """What stands for a page in the answer; empty for the page itself."""
    apart: tuple[str, ...] = ()
    """The paths of lessons that are not wanted."""
    exact: bool = False
    """Whether words are taken as they are typed, misspelt ones too."""

    def check(self) -> None:
        """Raise `QueryError` for what asks nothing and what no library can read, before an index is built for it."""
        if self.is_page:
            page_query(self.text)
        elif not self._asks_filters_alone:
            clean_query(self.text)
        self.filters.check()

    def query(self, parse: Callable[[str], Query], condition: Callable[[str, str], Condition]) -> Query:
        """Return the query, its line and its conditions as a library reads them; raises `QueryError`."""
        query = EVERYTHING if self._asks_filters_alone else self._text_query(parse)
        return query.with_filters(self.filters.conditions(condition))._replace(exact=self.exact or query.exact)

    def _text_query(self, parse: Callable[[str], Query]) -> Query:
        return page_query(self.text, self.said) if self.is_page else parse(self.text)

    @property
    def _asks_filters_alone(self) -> bool:
        return bool(self.filters) and not self.is_page and not self.text.strip()


@dataclass(frozen=True, slots=True)
class SimilarRequest:
    """Which lesson others are to be like, and how many of them are wanted."""

    name: str
    """As `KnowledgeBase.subject` takes it."""
    limit: int | None = None
    """How many lessons; None is as many as `kb.toml` says."""
    last: Sequence[LastHit] | None = None
    """The hits that may be named by a number."""


def _period_of(when: str) -> tuple[str, str]:
    from kb.figures.period import period_of  # most searches ask for none

    return period_of(when)
