"""The filters that are given as options; each makes the same condition as the query language."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from search.errors import QueryError

if TYPE_CHECKING:
    from search.query.filters import Condition

_WHERE = re.compile(r"\s*([^\s=<>:]+)\s*([<>]=?|=|:)\s*(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class FilterOptions:
    """What was given with `--tag`, `--kind`, `--since`, `--until` and `--where`."""

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


def _period_of(when: str) -> tuple[str, str]:
    from kb.figures.period import period_of  # most searches ask for none

    return period_of(when)
