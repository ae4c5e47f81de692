"""Converts a period as people write it (`2020`, `last year`, `3 months ago`) to its first and last day."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta

from search.errors import QueryError
from search.query import dates_of


def period_of(when: str, now: datetime | None = None) -> tuple[str, str]:
    """Return the first and last day of a period, as ISO 8601 dates; raises `QueryError`."""
    if found := dates_of(when):
        return _iso(found.first), _iso(found.last)
    # The date parser would read bare numbers as a day or month of this year.
    if not re.search(r"[^\W\d_]", when):
        raise _unreadable(when)
    return _said_by_people(when, now or datetime.now(UTC))


def _said_by_people(when: str, now: datetime) -> tuple[str, str]:
    from dateparser.date import DateDataParser  # slow to import and rarely needed

    settings = {"PREFER_DATES_FROM": "past", "RELATIVE_BASE": now.replace(tzinfo=None)}
    found = DateDataParser(languages=["en"], settings=settings).get_date_data(when)
    if found.date_obj is None:
        raise _unreadable(when)
    first, last = _around(found.date_obj.date(), found.period)
    return first.isoformat(), last.isoformat()


def _around(day: date, period: str | None) -> tuple[date, date]:
    match period:
        case "year":
            return date(day.year, 1, 1), date(day.year, 12, 31)
        case "month":
            return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])
        case "week":
            monday = day - timedelta(days=day.weekday())
            return monday, monday + timedelta(days=6)
    return day, day


def _iso(day: int) -> str:
    return f"{day // 10_000:04}-{day // 100 % 100:02}-{day % 100:02}"


def _unreadable(when: str) -> QueryError:
    return QueryError(
        f"{when!r} is not a date; write 2020, 2020-05, 2020-05-01, yesterday, 'last year' or '3 months ago'"
    )
