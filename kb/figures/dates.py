"""Finds unambiguous dates in running text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from kb.figures.days import read_day

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_MONTHS_ELSEWHERE = {
    name: number
    for number, names in enumerate(
        (
            *(
                "januar jänner janvier enero",
                "februar février fevrier febrero",
                "märz maerz mars marzo",
                "april avril abril",
            ),
            *("mai mayo", "juni juin junio", "juli juillet julio", "august août aout agosto"),
            *("september septembre septiembre setiembre", "oktober octobre octubre", "november novembre noviembre"),
            "dezember décembre decembre diciembre",
        ),
        1,
    )
    for name in names.split()
}
"""Names of months in German, French and Spanish; those that English has too mean the same month."""
_ELSEWHERE = re.compile(
    rf"(?<![\w/.:-])(?P<day>\d{{1,2}})(?:\.|er)?\s(?:de\s)?(?P<month>{'|'.join(_MONTHS_ELSEWHERE)})\s(?:del?\s)?(?P<year>\d{{4}})(?![\w/-])",
    re.IGNORECASE,
)
_SHORT_YEAR = re.compile(r"(?<![\w/.:-])(?:\d{1,2}/\d{1,2}/\d{2}|\d{2}\.\d{2}\.\d{2})(?![\w/.-])")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
"""With dots, the day always comes before the month."""
_DATE = re.compile(
    r"(?<![\w/.:-])(?:\d{4}-\d{2}-\d{2}(?=T\d)|(?:\d{4}-\d{2}-\d{2}|\d{1,2}[/.-]\d{1,2}[/.-]\d{4}"
    rf"|\d{{1,2}}-{_MONTH}-\d{{4}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\.? (?:of )?{_MONTH}\.?,? \d{{4}}|{_MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}})"
    r"(?![\w/-]|\.\d))",
    re.IGNORECASE,
)
_AHEAD = re.compile(
    r"\b(?:by|until|till|before|due|deadline|review|next|from|since|after|founded|established|printed|born|gegründet|gedruckt"
    r"|geboren|fondée?|fundad[ao]|start(?:s|ed|ing)?|began|begun|beginning|begann|begonnen|gestartet|seit|ab|depuis"
    r"|commencée?|desde|empezó|empezamos|comenzó|iniciad[ao])\b[\s:]*(?:on\s|in\s|am\s|le\s|el\s)?$",
    re.IGNORECASE,
)
_WEEKDAY_NAMES = (
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|mo|di|mi|do|fr|sa|so|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|lun|mar|mer|mi\u00e9|jeu|jue|ven|vie"
    r"|sam|s\u00e1b|dim|dom|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
)
_WEEKDAY = rf"(?:{_WEEKDAY_NAMES})\.?,?\s+"
_SHORT_BEHIND_WEEKDAY = re.compile(
    rf"(?<!\w){_WEEKDAY}(?P<day>\d{{1,2}}\.\d{{1,2}}\.\d{{2}})(?![\w/.-])", re.IGNORECASE
)
"""A date such as `12.5.26` after a weekday; without one it may be a version."""
_FIRST_OF_SEVERAL = re.compile(
    r"^\s*(?:\w{1,10}\.?,?\s+)?\d{1,2}\.?\s?(?:-|\u2013|to|bis|au|al)\s?(?=\d{1,2}\.?\s[^\W\d_])"
)
_BETWEEN_DAYS = re.compile(r"(?<=\d)\.?\s?[\u2013-]\s?(?=\d{1,2}\.\d{1,2}\.)")
"""The hyphen between two days, as in `02.03.-28.04.2026`."""
_TO = re.compile(
    r"[\s,;/|\u2013\u2014-]*+(?:to|until|till|and|bis|und|au|et|al|hasta|tot|at\u00e9|ends?|ended|ende|fin)?[\s:]*",
    re.IGNORECASE,
)
_MONTH_ALONE = re.compile(r"\s*(?P<month>[^\W\d_]{3,10})\.?,?\s(?:del?\s)?(?P<year>\d{4})\s*")
_NEAR = 20
"""Number of characters before a date in which `_AHEAD` is searched."""


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date as written in the text, and in the form of a lesson."""

    text: str
    day: str


def dates_in(line: str) -> Iterator[WrittenDate]:
    """Yield the dates in a line in order, except those in the future or of a beginning, by the words before them."""
    for start, found in _written(line):
        if not _AHEAD.search(line[max(0, start - _NEAR) : start]):
            yield found


def labelled_dates_in(text: str) -> Iterator[WrittenDate]:
    """Yield the date after a label such as `Date:`: the last day of a period, or a month if no day is given."""
    text = _BETWEEN_DAYS.sub(" \u2013 ", _FIRST_OF_SEVERAL.sub("", text))
    found = _written(text)
    lasts = [other for (start, one), (end, other) in pairwise(found) if _TO.fullmatch(text, start + len(one.text), end)]
    yield from lasts[-1:] or dates_in(text)
    if month := _MONTH_ALONE.fullmatch(text):
        name, year = month["month"].casefold(), month["year"]
        elsewhere = _MONTHS_ELSEWHERE.get(name)
        if day := read_day(f"{year}-{elsewhere:02}" if elsewhere else f"{name} {year}"):
            yield WrittenDate(text.strip(), day)


def _written(line: str) -> list[tuple[int, WrittenDate]]:
    """Return each date in a line with its offset, ascending."""
    found = sorted([*_written_in_english(line), *_written_elsewhere(line)])
    return [(start, WrittenDate(text, day)) for start, text, day in found]


def without_dates(line: str) -> str:
    """Return a line without the dates in it."""
    return _ELSEWHERE.sub(" ", _DATE.sub(" ", _SHORT_YEAR.sub(" ", line)))


def says_only_dates(line: str) -> bool:
    """Return whether a line has only dates, perhaps with a weekday, and nothing else such as a time of day."""
    return not re.sub(rf"(?<!\w)(?:{_WEEKDAY_NAMES})(?!\w)", "", without_dates(line), flags=re.IGNORECASE).strip(" ,.")


def _written_in_english(line: str) -> Iterator[tuple[int, str, str]]:
    for found in [*_DATE.finditer(line), *_SHORT_YEAR.finditer(line)]:
        text = re.sub(r"\bof ", "", found[0], flags=re.IGNORECASE)
        text = text.replace("-", " ") if any(sign.isalpha() for sign in text) else text
        text = f"{text[:-2]}20{text[-2:]}" if _SHORT_YEAR.fullmatch(text) else text
        dotted = _DOTTED.fullmatch(text)
        if day := read_day(f"{dotted[3]}-{dotted[2]}-{dotted[1]}" if dotted else text):
            yield found.start(), found[0], day


def _written_elsewhere(line: str) -> Iterator[tuple[int, str, str]]:
    for found in _SHORT_BEHIND_WEEKDAY.finditer(line):
        day_of_month, number, year = found["day"].split(".")
        if day := read_day(f"20{year}-{number}-{day_of_month}"):
            yield found.start("day"), found["day"], day
    for found in _ELSEWHERE.finditer(line):
        month = _MONTHS_ELSEWHERE[found["month"].casefold()]
        if day := read_day(f"{found['year']}-{month}-{found['day']}"):
            yield found.start(), found[0], day
