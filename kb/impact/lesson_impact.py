"""The impact of one lesson, as it is stored in the index."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from ingest.lesson import Lesson
from kb.impact.cost import Cost, Return, cost_of
from kb.impact.effect import Effect, effect_of, effect_of_row
from kb.lessons.evidence import Evidence, best
from kb.lessons.stated import stated

_YEARLY = ("year", "once", "")
"""The periods of benefits that count for the first year; an amount without a period counts once, and this is said."""


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
    cost: Cost | None = None
    effects: tuple[Effect, ...] = ()

    @property
    def evidence(self) -> Evidence | None:
        """Of its best shown entry; None if nothing is measured."""
        return best(effect.evidence for effect in self.effects)

    @property
    def returned(self) -> Return | None:
        """The return on its cost; None unless there are benefits in the currency of the cost."""
        if self.cost is None:
            return None
        benefits = [
            effect.credited
            for effect in self.effects
            if effect.is_addable and effect.unit.name == self.cost.currency and effect.unit.per in _YEARLY
        ]
        known = [benefit for benefit in benefits if benefit is not None]
        return Return(sum(known), self.cost) if known else None

    def as_row(self) -> list[Any]:
        """Return it as plain lists, for JSON."""
        return [*self]


def impact_of_lesson(lesson: Lesson, lines: Sequence[int] = ()) -> LessonImpact:
    """Compute the impact of a lesson; `lines` are those of its entries, from 1."""
    effects = tuple(
        effect_of(impact, lines[place] if place < len(lines) else 1) for place, impact in enumerate(lesson.impact)
    )
    return LessonImpact(stated(lesson.unit), cost_of(lesson.metadata.get("cost")), effects)


def impact_of_row(row: Sequence[Any]) -> LessonImpact:
    """Return what `as_row` gave; raises `TypeError` or `ValueError` for other data."""
    unit, cost, effects = row
    return LessonImpact(unit, Cost(*cost) if cost else None, tuple(map(effect_of_row, effects)))
