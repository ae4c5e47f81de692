"""The change of an entry: computed from its figures, or else as stated."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple

from ingest.format import Impact
from kb.figures.changes import ClaimedChange, contradicts, course_of, read_change
from kb.figures.entry import NO_CHANGE, Figures
from kb.impact.direction import is_saving
from kb.impact.units import Unit

_IS_SAVED = re.compile(r"\bsav(?:ed|es|ings?)\b")
_RATE = re.compile(r"\b(?:rate|share|percentage|proportion|ratio|margin)\b|%")


class Change(NamedTuple):
    """A change. Of percentages, `amount` is in percentage points and `relative` is of the percentage."""

    amount: float | None = None
    relative: float | None = None
    """As a fraction of the figure before."""
    notes: tuple[str, ...] = ()


def change_of(entry: Impact, figures: Figures, unit: Unit, direction: int) -> Change:
    """Return the change of an entry; what is stated is compared with what its figures give.

    `direction` is the good one, which a saving takes.
    """
    stated = read_change(entry.change)
    if figures.before is not None and figures.after is not None:
        amount = figures.after - figures.before
        relative, notes = _relative(amount, figures.before)
        return Change(amount, relative, (*notes, *_compared(entry, stated, unit)))
    if NO_CHANGE.fullmatch(entry.change.casefold()):
        return Change(0.0, 0.0)
    if not entry.change and is_saving(entry.metric) and figures.after is not None:
        return Change(figures.after)
    if stated is None or stated.value is None:
        is_unread = stated is None and bool(entry.change)
        return Change(notes=(f"change: {entry.change!r} cannot be read as a figure",) if is_unread else ())
    if not abs(stated.value) < 1e15:
        return Change(notes=(f"change: {entry.change!r} cannot be read as a figure",))
    stated = replace(stated, sign=stated.sign or _sign_of_saving(entry, direction))
    return _as_stated(entry, stated, stated.value or 0.0, unit, figures.before)


def _relative(amount: float, before: float) -> tuple[float | None, tuple[str, ...]]:
    if before > 0:
        return amount / before, ()
    what = "zero" if before == 0 else "below zero"
    return None, (f"no relative change, because the figure before is {what}",)


def _compared(entry: Impact, stated: ClaimedChange | None, unit: Unit) -> tuple[str, ...]:
    course = course_of(entry)
    if stated is None or course is None:
        return ()
    if contradicts(stated, course):
        return (f"the change is stated as {entry.change}, but computed from the figures, which count here",)
    if stated.unit == "%" and unit.name == "%" and course.percent:
        is_points = stated.could_be(course.difference) and not stated.could_be(course.percent)
        which = "percentage points" if is_points else "per cent of the percentage"
        return (f"the stated {entry.change} is in {which}",)
    return ()


def _as_stated(entry: Impact, stated: ClaimedChange, size: float, unit: Unit, before: float | None) -> Change:
    sign = 1 if is_saving(entry.metric) else stated.sign
    if stated.unit == "times":
        return _scaled(size - 1, before)
    if not sign:
        return Change(notes=(f"change: {entry.change!r} does not say whether it went up or down",))
    if stated.unit == "point":
        return Change(sign * size)
    if stated.unit == "%" or (not stated.unit and unit.name == "%"):
        if _RATE.search(entry.metric.casefold()) and before is None:
            return Change(notes=("is the change in per cent, or in percentage points? it does not count",))
        return _scaled(sign * size / 100, before)
    relative = sign * size / before if before and before > 0 else None
    return Change(sign * size, relative)


def _scaled(relative: float, before: float | None) -> Change:
    return Change(relative * before if before is not None else None, relative)


def _sign_of_saving(entry: Impact, direction: int) -> int:
    """Return the sign of a change that is only called a saving, as in `$500,000 saved`; 0 if it is none."""
    return direction if _IS_SAVED.search(entry.change.casefold()) else 0
