"""Conditions on the front matter of lessons: `unit:toyota`, `date:2019..2021`, `impact.change:<-20%`."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from ingest.lesson import folded_key
from search.errors import QueryError
from search.query.numbers import Number, leading_number, two_readings
from search.query.scale import words_on_scale

_NOT_A_WORD = re.compile(r"[\W_]+")
_DATE = re.compile(r"\s*(\d{4})(?:-(0?[1-9]|1[0-2])(?:-(0?[1-9]|[12]\d|3[01]))?)?(?=$|[T\s])", re.ASCII)
_UNIT = re.compile(r"[\s\w%]*")
_ALTERNATIVE = re.compile(
    r'(?P<operator>>=|<=|>|<)?\s*(?:["\u201c\u201d](?P<quoted>[^"\u201c\u201d]*)["\u201c\u201d]|(?P<bare>[^|]*))'
)
_RANGE = re.compile(r"(?P<low>.*?)\s*\.\.+\s*(?P<high>.*)", re.DOTALL)
_BEGINS_AS_AMOUNT = re.compile(r"\s*[-+\u2212\u2013]?[$€£¥₹]?\s*\d", re.ASCII)


def folded_words(text: str) -> str:
    """Return a text's words, case-folded, each between two spaces, so that `in` finds consecutive words."""
    return f" {_NOT_A_WORD.sub(' ', unicodedata.normalize('NFC', text).casefold()).strip()} "


class Dates(NamedTuple):
    """The first and the last day that a date may mean, each as the number yyyymmdd."""

    first: int
    last: int
    has_month: bool


@lru_cache(maxsize=50_000)
def dates_of(text: str) -> Dates | None:
    """Parse `2006`, `2006-05`, `2006-05-01` or a timestamp that begins with one; None for anything else."""
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
    """Parse the number that a text begins with: `-48 %`, `$1.5M`, `12 days`, `1.200,50`; None if there is none."""
    return leading_number(text)


def sorted_amounts(values: Iterable[str]) -> list[str]:
    """Return the values that are dates, or if there are none those that are numbers; ascending."""
    dates = {value: float(found.first) for value in values if (found := dates_of(value))}
    known = dates or {value: number.value for value in values if (number := number_of(value))}
    return sorted(known, key=known.__getitem__)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number or a date to compare with; a bare year is both."""

    dates: Dates | None
    number: Number | None

    @classmethod
    def of_text(cls, text: str) -> Amount | None:
        """Parse a whole text, which may end in a unit; None if it is neither a date nor a number."""
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
    """A comparison such as `>=2020`: true if any day that a value may mean satisfies it.

    The date compared with is taken as a whole: `>2020` means after its last day, `>=2020` on its first day or after.
    """

    operator: str
    """One of `>=`, `>`, `<=`, `<`, or `=` for a value within the amount."""
    amount: Amount


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way for a value to match: by its words, or by satisfying all comparisons."""

    text: str
    """As the user wrote it."""
    words: str
    """In the form of `folded_words`; empty if only the comparisons count."""
    comparisons: tuple[Bound, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """What lessons must have under a key of the front matter, or any key below it."""

    field: str
    """The key, in the form of `ingest.lesson.folded_key`."""
    alternatives: tuple[Alternative, ...]
    typed: str
    """As the user wrote it, without the minus."""
    negated: bool = False

    def __str__(self) -> str:
        return f"-{self.typed}" if self.negated else self.typed

    @property
    def words(self) -> tuple[str, ...]:
        """The words of each alternative."""
        return tuple(alternative.words.strip() for alternative in self.alternatives)


Scales = Mapping[str, Sequence[str]]
"""Fields whose values are words in an order, ascending; the caller knows them."""


def parse_condition(
    field: str, text: str, *, negated: bool = False, scales: Scales = MappingProxyType({})
) -> Condition:
    """Parse the value after `field:`; raises `QueryError` for a value that cannot be compared and an invalid range."""
    scale = scales.get(folded_key(field))
    alternatives = tuple(map(_of_word, words_on_scale(field, text, scale)) if scale else _alternatives(field, text))
    if not alternatives:
        raise QueryError(f"{field}: needs a value, such as {_example_of(field)}")
    return Condition(folded_key(field), alternatives, f"{field}:{text}", negated)


def _of_word(word: str) -> Alternative:
    return Alternative(word, folded_words(word))


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
            f"{field}:{operator}{text}: {text!r} is neither a number nor a date; "
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


def _is_backwards(condition: str, low: Amount, high: Amount) -> bool:
    if low.dates and high.dates:
        return low.dates.first > high.dates.last
    if low.number and high.number:
        return low.number.value > high.number.value
    raise QueryError(f"{condition}: a range goes from a date to a date or from a number to a number")


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
