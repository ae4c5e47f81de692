"""Dates in running text, where they can be read in one way only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kb.check.days import read_day

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_DATE = re.compile(
    r"(?<![\w/.:-])(?:\d{4}-\d{2}-\d{2}(?=T\d)|(?:\d{4}-\d{2}-\d{2}|\d{1,2}[/.-]\d{1,2}[/.-]\d{4}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\.? (?:of )?{_MONTH}\.?,? \d{{4}}|{_MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}})"
    r"(?![\w/-]|\.\d))",
    re.IGNORECASE,
)
_AHEAD = re.compile(
    r"\b(?:by|until|till|before|due|deadline|review|next|from|since|after)\b[\s:]*(?:on\s)?$", re.IGNORECASE
)
_NEAR = 20
"""Characters before a date that may say so."""


@dataclass(frozen=True, slots=True)
class DateSaid:
    """A date as it is written, and as a lesson has it."""

    said: str
    day: str


def dates_in(line: str) -> Iterator[DateSaid]:
    """Yield the days that a line names, none that something has to be done by: those are still to come."""
    for found in _DATE.finditer(line):
        day = read_day(re.sub(r"\bof ", "", found[0], flags=re.IGNORECASE))
        if day and not _AHEAD.search(line[max(0, found.start() - _NEAR) : found.start()]):
            yield DateSaid(found[0], day)
