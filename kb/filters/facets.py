"""How many lessons each of some conditions would leave, so that a user can choose among them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from kb.filters.restriction import FactFilters
from search.errors import QueryError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kb.catalogue.catalogue import Catalogue
    from search.query import Condition

    Mask = NDArray[np.bool_]

_MOST_KNOWN = 200
"""Choices: what all readers are offered is far less, but one may choose any text."""
Stated = tuple[str, str]
"""The field of a condition, and its text in the query language."""


class Choice(NamedTuple):
    """Conditions that a user may choose together, under one name."""

    name: str
    conditions: tuple[Stated, ...]


class Facets:
    """Counts the lessons of one snapshot that meet conditions; what a choice leaves is computed once."""

    def __init__(self, catalogue: Catalogue) -> None:
        """The catalogue must stay open."""
        self._facts = FactFilters.of(catalogue)
        self._known: dict[tuple[Stated, ...], Mask | None] = {}

    def counts(self, chosen: Sequence[Condition], choices: Sequence[Choice]) -> list[int]:
        """Return for each choice how many of the lessons that meet the chosen conditions meet it too."""
        base = self._facts.restriction(chosen).lessons
        return [_size(base, self._of(choice.conditions)) for choice in choices]

    def count(self, chosen: Sequence[Condition]) -> int:
        """Return how many lessons meet some conditions, at least one."""
        return _size(self._facts.restriction(chosen).lessons, None)

    def _of(self, stated: tuple[Stated, ...]) -> Mask | None:
        if stated in self._known:
            return self._known[stated]
        try:
            conditions = [self._facts.condition(field, text) for field, text in stated]
            found = self._facts.restriction(conditions).lessons
        except QueryError:  # no lesson of this library has the field
            found = self._facts.mask(())
        if len(self._known) < _MOST_KNOWN:
            self._known[stated] = found
        return found


def _size(one: Mask | None, other: Mask | None) -> int:
    if one is None or other is None:
        both = other if one is None else one
        return 0 if both is None else int(np.count_nonzero(both))
    return int(np.count_nonzero(one & other))
