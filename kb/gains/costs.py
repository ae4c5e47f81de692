"""What the interventions cost, and for which of them the return on that cost can be computed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from kb.impact.cost import Cost, Return
from kb.impact.lesson_impact import LessonHead, LessonImpact

if TYPE_CHECKING:
    from kb.forms.find import impact as forms


class Returned(NamedTuple):
    """The return on the cost of one lesson."""

    head: LessonHead
    returned: Return

    def as_json(self) -> forms.LessonReturn:
        return {"id": self.head.id, "path": self.head.path, **self.returned.as_json()}


class ReturnTotal(NamedTuple):
    """The return on the costs of all lessons for which it can be computed, in one currency."""

    returned: Return
    lessons: int

    def as_json(self) -> forms.ReturnTotal:
        return {**self.returned.as_json(), "lessons": self.lessons}


class LeftOut(NamedTuple):
    """A lesson that gives a cost, but for which no return can be computed."""

    head: LessonHead
    because: str

    def as_json(self) -> forms.WithoutReturn:
        return {"id": self.head.id, "path": self.head.path, "because": self.because}


class Costs(NamedTuple):
    """The costs of lessons and the returns on them."""

    lessons: int
    """Number of lessons that give a cost."""
    totals: tuple[Cost, ...]
    """All costs, by currency."""
    returns: tuple[Returned, ...]
    """The highest return first."""
    return_totals: tuple[ReturnTotal, ...]
    left_out: tuple[LeftOut, ...]

    def as_json(self) -> forms.Costs:
        return {
            "lessons": self.lessons,
            "totals": [total.as_json() for total in self.totals],
            "with_return": len(self.returns),
            "left_out": [each.as_json() for each in self.left_out],
        }


def costs_of(impacts: Iterable[tuple[LessonHead, LessonImpact]]) -> Costs:
    """Return the costs that lessons give."""
    given = [(head, impact) for head, impact in impacts if impact.cost]
    returns = [Returned(head, found) for head, impact in given if (found := impact.returned)]
    returns.sort(key=lambda each: (-each.returned.roi, each.head.id))
    return Costs(
        len(given),
        _totals(impact.cost for _, impact in given if impact.cost),
        tuple(returns),
        _return_totals([each.returned for each in returns]),
        tuple(LeftOut(head, impact.why_no_return) for head, impact in given if impact.why_no_return),
    )


def _totals(costs: Iterable[Cost]) -> tuple[Cost, ...]:
    sums: defaultdict[str, float] = defaultdict(float)
    for cost in costs:
        sums[cost.currency] += cost.amount
    return tuple(Cost(amount, currency) for currency, amount in sorted(sums.items()))


def _return_totals(returns: Sequence[Return]) -> tuple[ReturnTotal, ...]:
    by_currency: defaultdict[str, list[Return]] = defaultdict(list)
    for each in returns:
        by_currency[each.cost.currency].append(each)
    return tuple(ReturnTotal(_together(found), len(found)) for _, found in sorted(by_currency.items()))


def _together(returns: Sequence[Return]) -> Return:
    cost = Cost(sum(each.cost.amount for each in returns), returns[0].cost.currency)
    return Return(sum(each.benefits for each in returns), cost, any(each.is_projected for each in returns))
