"""How old what a lesson says is, and when it is too old."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date

from ingest.kinds import Kind
from ingest.lesson import Lesson, iso_date

YEARS: Mapping[Kind, int] = {Kind.TOOL: 3, Kind.METHOD: 8, Kind.KNOWLEDGE: 8}
"""After how many years the sections of a kind must be looked at: links and versions of tools change soonest.

A judgement, not a measurement; cases and problems stay what they were.
"""
YEARS_OF_FIGURES: Mapping[str, int] = {"year": 2, "quarter": 1, "month": 1, "week": 1, "day": 1, "hour": 1}
"""For how many years a figure per year, month … is believed without being measured again."""
_CONFIRMING = ("validated", "reviewed")


def last_day(day: str) -> date | None:
    """Return the last day of `2006`, `2006-05` or `2006-05-01`; None for other texts."""
    parts = [int(part) for part in (iso_date(day) or "").split("-") if part]
    try:
        year, month, *rest = (*parts, 12) if len(parts) == 1 else parts
        return date(year, month, rest[0] if rest else monthrange(year, month)[1])
    except ValueError:
        return None


def years_since(day: date, today: date) -> int:
    """Return the whole years between two days, 0 for the future."""
    before = (today.month, today.day) < (day.month, day.day)
    return max(today.year - day.year - before, 0)


def confirmed(lesson: Lesson, written: str = "") -> date | None:
    """Return the day on which what a lesson says was last known to be true; None if that is not known.

    The day on which its file was `written` counts only if the lesson has no date itself.
    """
    days = (lesson.date or "", *(event.date for event in lesson.history if event.what in _CONFIRMING))
    return max(filter(None, map(last_day, days)), default=last_day(written))
