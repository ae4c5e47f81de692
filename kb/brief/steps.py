"""The steps of a method: the items of a numbered list, as their author wrote them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from kb.brief.statement import Statement

_FEWEST, MOST = 3, 6


def steps_in(statements: Sequence[Statement]) -> list[Statement]:
    """Return the first sentence of each item of the first numbered list that has enough; empty if none has."""
    items = [one for one in statements if one.item[:-1].isdigit()]
    for steps in _lists(items):
        if len(steps) >= _FEWEST:
            return steps[:MOST]
    return []


def _lists(items: Iterable[Statement]) -> list[list[Statement]]:
    """Return the items by list: a number that is not higher than the one before begins the next."""
    begun = 0
    before = 0

    def list_of(item: Statement) -> int:
        nonlocal begun, before
        number = int(item.item[:-1])
        begun += number <= before
        before = number
        return begun

    return [list(group) for _, group in groupby(items, key=list_of)]
