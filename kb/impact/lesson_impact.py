"""The impact of one lesson, as it is stored in the index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ingest.lesson import Lesson
from kb.impact.cost import Cost, Return, cost_of
from kb.impact.effect import Effect, effect_of, effect_of_row
from kb.lessons.evidence import Evidence, best
from kb.lessons.stated import stated

_IN_A_YEAR: Mapping[str, int] = {"year": 1, "once": 1, "": 1, "quarter": 4, "month": 12, "week": 52}
"""How often benefits come in the first year, by their period; an amount without a period counts once."""


class LessonHead(NamedTuple):
    """What names a lesson."""

    path: str
    id: str
    title: str
    date: str
    """As in `Lesson.date`; empty if not stated."""


class LessonImpact(NamedTuple):
    """The effects of a lesson, in the order of its entries, and its cost."""

    unit: str
    """The unit or company it happened in."""
    status: str = ""
    cost: Cost | None = None
    effects: tuple[Effect, ...] = ()

    @property
    def evidence(self) -> Evidence | None:
        """Of its best shown entry; None if nothing is measured."""
        return best(effect.evidence for effect in self.effects)

    @property
    def returned(self) -> Return | None:
        """The return on its cost; None unless there are benefits in the currency of the cost."""
        found = [effect for effect in self.effects if self.cost and not _why_left_out(effect, self.cost)]
        if self.cost is None or not found:
            return None
        benefits = sum(in_a_year(effect) or 0.0 for effect in found)
        return Return(benefits, self.cost, any(_IN_A_YEAR[effect.unit.per] > 1 for effect in found))

    @property
    def why_no_return(self) -> str:
        """Why no return can be computed although a cost is given; empty otherwise."""
        if self.cost is None or self.returned:
            return ""
        reasons = [_why_left_out(effect, self.cost) for effect in self.effects if effect.is_addable]
        return reasons[0] if reasons else "it has no benefit in money"

    def as_row(self) -> list[Any]:
        """Return it as plain lists, for JSON."""
        return [*self]


def in_a_year(effect: Effect) -> float | None:
    """Return what an effect credits in the first year if it lasts; None if that is not known."""
    times = _IN_A_YEAR.get(effect.unit.per)
    return None if times is None or effect.credited is None else effect.credited * times


def _why_left_out(effect: Effect, cost: Cost) -> str:
    """Return why the amount of an effect is no benefit to set against a cost; empty if it is one."""
    if not effect.is_addable:
        return "it is no sum of money"
    if effect.unit.name != cost.currency:
        return f"its benefit is in {effect.unit.name}, its cost in {cost.currency}"
    if effect.unit.per not in _IN_A_YEAR:
        return f"its benefit is {effect.unit}, which may not last a year"
    return "" if effect.credited is not None else "its benefit is not known"


def impact_of_lesson(lesson: Lesson, lines: Sequence[int] = ()) -> LessonImpact:
    """Compute the impact of a lesson; `lines` are those of its entries, from 1."""
    effects = tuple(
        effect_of(impact, lines[place] if place < len(lines) else 1) for place, impact in enumerate(lesson.impact)
    )
    return LessonImpact(stated(lesson.unit), lesson.status, cost_of(lesson.metadata.get("cost")), effects)


def impact_of_row(row: Sequence[Any]) -> LessonImpact:
    """Return what `as_row` gave; raises `TypeError` or `ValueError` for other data."""
    unit, status, cost, effects = row
    return LessonImpact(unit, status, Cost(*cost) if cost else None, tuple(map(effect_of_row, effects)))
