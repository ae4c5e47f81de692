"""Conditions on what lessons say in their front matter: `unit:toyota`, `date:2019..2021`, `impact.change:<-20%`."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from ingest.lesson import folded_key
from search.errors import QueryError
from search.query.numbers import Number, leading_number, two_readings

_NOT_A_WORD = re.compile(r"[\W_]+")
_DATE = re.compile(r"\s*(\d{4})(?:-(0?[1-9]|1[0-2])(?:-(0?[1-9]|[12]\d|3[01]))?)?(?=$|[T\s])", re.ASCII)
_UNIT = re.compile(r"[\s\w%]*")
_ALTERNATIVE = re.compile(
    r'(?P<operator>>=|<=|>|<)?\s*(?:["\u201c\u201d](?P<quoted>[^"\u201c\u201d]*)["\u201c\u201d]|(?P<bare>[^|]*))'
)
_RANGE = re.compile(r"(?P<low>.*?)\s*\.\.+\s*(?P<high>.*)", re.DOTALL)
_BEGINS_AS_AMOUNT = re.compile(r"\s*[-+\u2212\u2013]?[$€£¥₹]?\s*\d", re.ASCII)


def folded_words(text: str) -> str:
    """Return the words of a text, case folded, each between two spaces: what stands there in a row is found by `in`."""
    return f" {_NOT_A_WORD.sub(' ', unicodedata.normalize('NFC', text).casefold()).strip()} "


class Dates(NamedTuple):
    """The days that a date may mean, each as the number yyyymmdd."""

    first: int
    last: int
    has_month: bool


@lru_cache(maxsize=50_000)
def dates_of(text: str) -> Dates | None:
    """Read `2006`, `2006-05`, `2006-05-01` or a timestamp that begins so."""
    match = _DATE.match(text)
    if not match or match[1] == "0000":
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None
    if month is None:
        return Dates(year * 10_000 + 101, year * 10_000 + 1231, False)
    last = monthrange(year, month)[1]
    start = year * 10_000 + month * 100
    return Dates(start + min(day or 1, last), start + min(day or last, last), True)


@lru_cache(maxsize=50_000)
def number_of(text: str) -> Number | None:
    """Read the number that a text begins with: `-48 %`, `$1.5M`, `12 days`, `1.200,50`."""
    return leading_number(text)


def sorted_amounts(values: Iterable[str]) -> list[str]:
    """Return the dates among some values, or else the numbers, the smallest first."""
    dates = {value: float(found.first) for value in values if (found := dates_of(value))}
    known = dates or {value: number.value for value in values if (number := number_of(value))}
    return sorted(known, key=known.__getitem__)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number or a date to compare with; a year is both."""

    dates: Dates | None
    number: Number | None

    @classmethod
    def of_text(cls, text: str) -> Amount | None:
        """Read a whole text, which may end in a unit."""
        dates = dates_of(text)
        if dates and not dates.has_month and text.strip() != text.strip()[:4]:
            dates = None
        number = number_of(text)
        if number and not _UNIT.fullmatch(text, number.end):
            number = None
        if dates and dates.has_month:
            number = None
        return cls(dates, number) if dates or number else None


@dataclass(frozen=True, slots=True)
class Bound:
    """`>=2020`: holds for a value that may be so; `>`, `<` and `<=` go by the ends of what it may mean."""

    operator: str
    """One of `>=`, `>`, `<=`, `<`, and `=` for a value that lies within."""
    amount: Amount


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way for a value to match: its words, or else all comparisons."""

    text: str
    """As it was asked for."""
    words: str
    """As `folded_words` has them; empty when only the comparisons count."""
    comparisons: tuple[Bound, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """What lessons have to say under a key, or any key below it."""

    field: str
    """As `ingest.lesson.folded_key` has it."""
    alternatives: tuple[Alternative, ...]
    said: str
    """As it was asked for, without a minus."""
    negated: bool = False

    def __str__(self) -> str:
        return f"-{self.said}" if self.negated else self.said

    @property
    def words(self) -> tuple[str, ...]:
        """The words of each alternative."""
        return tuple(alternative.words.strip() for alternative in self.alternatives)


def parse_condition(field: str, text: str, *, negated: bool = False) -> Condition:
    """Read what stands behind `field:`; raises `QueryError` for what cannot be compared or is no range."""
    alternatives = tuple(_alternatives(field, text))
    if not alternatives:
        raise QueryError(f"{field}: needs a value, such as {_example_of(field)}")
    return Condition(folded_key(field), alternatives, f"{field}:{text}", negated)


def _alternatives(field: str, text: str) -> list[Alternative]:
    found, position = [], 0
    while position < len(text):
        match = _ALTERNATIVE.match(text, position)
        assert match
        if alternative := _alternative(field, match):
            found.append(alternative)
        position = match.end() + 1
    return found


def _alternative(field: str, match: re.Match[str]) -> Alternative | None:
    operator, quoted = match["operator"], match["quoted"]
    text = quoted if quoted is not None else (match["bare"] or "").rstrip(",;:!?)")
    if operator:
        return Alternative(text, "", (Bound(operator, _amount(field, operator, text)),))
    if quoted is None and (ends := _RANGE.fullmatch(text)) and _is_range(ends["low"], ends["high"]):
        return Alternative(text, "", _range(field, ends["low"], ends["high"]))
    words, amount = folded_words(text), Amount.of_text(text)
    if amount and amount.number and amount.number.signed:
        return Alternative(text, "", (Bound("=", amount),))
    if not words.strip():
        return None
    return Alternative(text, words, (Bound("=", amount),) if amount else ())


def _is_range(low: str, high: str) -> bool:
    return any(_BEGINS_AS_AMOUNT.match(end) for end in (low, high))


def _amount(field: str, operator: str, text: str) -> Amount:
    if not text.strip():
        raise QueryError(f"{field}:{operator} needs a number or a date, such as {field}:{operator}2020")
    if readings := two_readings(text):
        raise QueryError(f"{field}:{operator}{text}: {text!r} can be read two ways; write {' or '.join(readings)}")
    amount = Amount.of_text(text)
    if amount is None:
        raise QueryError(
            f"{field}:{operator}{text}: {text!r} is no number and no date; "
            f"write {field}:{operator}2020, 2020-05, 2020-05-01, 12, -20% or $500"
        )
    return amount


def _range(field: str, low: str, high: str) -> tuple[Bound, ...]:
    ends = tuple(
        Bound(operator, _amount(field, operator, end)) for operator, end in ((">=", low), ("<=", high)) if end.strip()
    )
    if len(ends) == 2 and _is_backwards(f"{field}:{low}..{high}", ends[0].amount, ends[1].amount):
        raise QueryError(f"{field}:{low}..{high}: the range ends before it begins; write {field}:{high}..{low}")
    return ends


def _is_backwards(said: str, low: Amount, high: Amount) -> bool:
    if low.dates and high.dates:
        return low.dates.first > high.dates.last
    if low.number and high.number:
        return low.number.value > high.number.value
    raise QueryError(f"{said}: a range goes from a date to a date or from a number to a number")


_EXAMPLES: Mapping[str, str] = {
    "tag": "tag:brochures",
    "tags": "tags:brochures",
    "date": "date:>=2020",
    "kind": "kind:tool",
    "has": "has:impact",
    "status": "status:validated",
    "path": "path:lessons/2020",
}


def _example_of(field: str) -> str:
    return _EXAMPLES.get(field.casefold(), f'{field}:word or {field}:"several words"')
