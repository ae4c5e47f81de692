"""Dates: the form that a lesson has, and other forms that people write."""

from __future__ import annotations

import re
from collections.abc import Iterator

_YEAR = "[12][0-9]{3}"
_LEAP_YEAR = "(?:[12][0-9](?:0[48]|[2468][048]|[13579][26])|(?:1[26]|2[048])00)"
_LONG, _SHORT = "(?:0[13578]|1[02])", "(?:0[469]|11)"
DAY = (
    "^(?:"
    f"{_YEAR}(?:-(?:0[1-9]|1[0-2]))?"
    f"|{_YEAR}-(?:{_LONG}-(?:0[1-9]|[12][0-9]|3[01])|{_SHORT}-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))"
    f"|{_LEAP_YEAR}-02-29"
    ")$"
)
"""Pattern for a valid year, month or day in ISO 8601, in the regular expressions of ECMA 262, for JSON Schema."""
FIRST_YEAR, LAST_YEAR = 1000, 2999

_IS_DAY = re.compile(DAY).search
_LOOKS_LIKE_DAY = re.compile("[0-9]{4}-[0-9]{2}(-[0-9]{2})?").fullmatch

_TIME = r"(?:[T ]\d{1,2}:\d{2}.*)?"
_YEAR_FIRST = re.compile(rf"(\d{{4}})([-/. ])(\d{{1,2}})(?:\2(\d{{1,2}}){_TIME})?", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_YEAR_LAST = re.compile(r"(?:(\d{1,2})([-/. ]))?(\d{1,2})[-/. ](\d{4})", re.ASCII)
_DAY_OF_MONTH = r"(\d{1,2})(?:st|nd|rd|th)?"
_DAY_THEN_NAME = re.compile(rf"(?:{_DAY_OF_MONTH}\.? +)?([a-z]+)\.?,? +(\d{{4}})", re.ASCII | re.IGNORECASE)
_NAME_THEN_DAY = re.compile(rf"([a-z]+)\.? +{_DAY_OF_MONTH},? +(\d{{4}})", re.ASCII | re.IGNORECASE)
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)


def is_day(text: str) -> bool:
    """Return whether a text is a date in the form of a lesson."""
    return bool(_IS_DAY(text))


def is_no_day_of_any_year(text: str) -> bool:
    """Return whether a text has the form of a date that does not exist, such as `2021-02-30`."""
    return bool(_LOOKS_LIKE_DAY(text)) and not is_day(text)


def read_day(text: str) -> str | None:
    """Return a date in the form of a lesson; None if it is no date or ambiguous, such as `03/04/2006`."""
    readings = {day for parts in _readings(" ".join(text.split())) if is_day(day := "-".join(filter(None, parts)))}
    return readings.pop() if len(readings) == 1 else None


def _readings(text: str) -> Iterator[tuple[str, str, str]]:
    """Yield the possible readings of a text as year, month and day; parts that are not given are empty."""
    if match := _YEAR_FIRST.fullmatch(text):
        yield match[1], _two(match[3]), _two(match[4])
    elif match := _COMPACT.fullmatch(text):
        yield match[1], match[2], match[3]
    elif match := _YEAR_LAST.fullmatch(text):
        yield match[4], _two(match[3]), _two(match[1])
        if match[1]:
            yield match[4], _two(match[1]), _two(match[3])
    elif match := _DAY_THEN_NAME.fullmatch(text):
        yield match[3], _month(match[2]), _two(match[1])
    elif match := _NAME_THEN_DAY.fullmatch(text):
        yield match[3], _month(match[1]), _two(match[2])


def _two(number: str | None) -> str:
    return number.zfill(2) if number else ""


def _month(name: str) -> str:
    """Return the number of the month that begins with `name`; `00` if none or more than one does."""
    found = [number for number, month in enumerate(_MONTHS, 1) if len(name) >= 3 and _begins(month, name.casefold())]
    return f"{found[0]:02}" if len(found) == 1 else "00"


def _begins(month: str, name: str) -> bool:
    return month.startswith(name) or (name == "sept" and month == "september")
