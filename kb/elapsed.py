"""How long ago something was, and how long it took, as people say it."""

from __future__ import annotations

from datetime import UTC, datetime

_UNITS = ((86400, "day"), (3600, "hour"), (60, "minute"))


def age_of(instant: str, now: datetime | None = None) -> str:
    """Return the time since an ISO 8601 instant in the largest unit that fits; of the future, `0 s`."""
    return in_words(((now or datetime.now(UTC)) - datetime.fromisoformat(instant)).total_seconds())


def in_words(seconds: float) -> str:
    """Return a time in the largest unit that fits."""
    for size, unit in _UNITS:
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {unit}{'s' if count > 1 else ''}"
    return f"{max(int(seconds), 0)} s"


def lasted(seconds: float) -> str:
    """Return a duration in one or two units: `0.5 s`, `12 s`, `2 min 5 s`, `26 h`."""
    if seconds < 10:
        return f"{max(seconds, 0):.1f} s"
    whole, unit, rest, part = round(seconds), "s", 0, ""
    if whole >= 3600:
        whole, unit, rest, part = whole // 3600, "h", whole % 3600 // 60, "min"
    elif whole >= 60:
        whole, unit, rest, part = whole // 60, "min", whole % 60, "s"
    return f"{whole:,} {unit}" + (f" {rest} {part}" if rest else "")
