"""Numbers as people write them, with how exactly they mean them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Range:
    """From the least to the most that a number can mean; `12` is 11.5 to 12.5, `about 50` is 44.5 to 55.5."""

    low: float
    high: float

    def meets(self, other: Range) -> bool:
        """Say whether both can mean one number."""
        return not _is_above(self.low, other.high) and not _is_above(other.low, self.high)

    def __neg__(self) -> Range:
        return Range(-self.high, -self.low)

    def __sub__(self, other: Range) -> Range:
        return Range(self.low - other.high, self.high - other.low)

    def over(self, other: Range) -> Range:
        """Divide by a range that is above nought, from a range that is not below it."""
        return Range(self.low / other.high, self.high / other.low)

    def times(self, factor: float) -> Range:
        return Range(self.low * factor, self.high * factor)

    def plus(self, constant: float) -> Range:
        return Range(self.low + constant, self.high + constant)

    @property
    def magnitude(self) -> Range:
        return -self if self.high <= 0 else self


def _is_above(one: float, other: float) -> bool:
    return one > other and not math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with what it counts."""

    range: Range
    unit: str
    """The first word of it, folded: `day`, `usd`, `%`, `point` for percentage points; empty if it is not said."""
    signed: bool = False
    """Whether it was written with a sign."""


def _number(name: str) -> str:
    """Return the pattern of a number, as a group of that name: in groups of three digits, or without a mark."""
    gap = rf"(?P<{name}_gap>[,.'\u2019_ \u00a0\u2009\u202f])\d{{3}}(?!\d)(?:(?P={name}_gap)\d{{3}}(?!\d))*"
    return rf"(?P<{name}>\d{{1,3}}{gap}(?:[.,]\d+)?|\d+(?:[.,]\d+)?)"


_AMBIGUOUS = re.compile(r"[1-9]\d{0,2}\.\d{3}")  # 1.500 is one and a half here and fifteen hundred there
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:\D\d{3})+")
_SCALES = {"k": 1e3, "thousand": 1e3, "mio": 1e6, "mn": 1e6, "m": 1e6, "million": 1e6, "bn": 1e9, "billion": 1e9}
_MINUS = "\u2212\u2013-"
_CURRENCIES = {
    "$": "usd",
    "us$": "usd",
    "dollar": "usd",
    "\u20ac": "eur",
    "euro": "eur",
    "\u00a3": "gbp",
    "pound": "gbp",
}
_UNITS = _CURRENCIES | {
    **dict.fromkeys(("percent", "pct"), "%"),
    **dict.fromkeys(("percentage", "pp", "pt", "ppt"), "point"),
    **dict.fromkeys(("h", "hr", "hrs"), "hour"),
    **dict.fromkeys(("min", "mins"), "minute"),
    **dict.fromkeys(("s", "sec"), "second"),
}
_LOOSELY = r"about|around|approx(?:imately|\.)?|roughly|nearly|almost|some|circa|ca\.?|close to|~|\u2248"
_MORE = r"more than|over|above|at least|>=?|\u2265"
_LESS = r"less than|fewer than|under|below|at most|up to|<=?|\u2264"
_LOOSE = 0.1
QUALIFIER = rf"(?:(?P<loose>{_LOOSELY})|(?P<more>{_MORE})|(?P<less>{_LESS}))"
_SCALE = r"(?P<scale>k|thousand|mio|mn|m|million|bn|billion)\b\.?"
_AMOUNT = re.compile(
    rf"(?:{QUALIFIER}\s*)?(?P<sign>[+{_MINUS}])?\s?(?P<currency>us\$|[$\u20ac\u00a3])?\s?{_number('number')}"
    rf"(?:\s?(?:[-\u2013\u2014]|to)\s?{_number('upper')})?(?P<plus>\+)?(?:\s?{_SCALE})?"
    r"(?:\s?(?P<unit>[^\W\d_][^\d]*|[%$\u20ac\u00a3][^\d]*))?"
)
_REMARK = re.compile(r"\s*\([^()]*\)")
_ANY_NUMBER = re.compile(rf"(?<![\w.,]){_number('number')}(?:\s?{_SCALE})?")


def read_amount(text: str) -> Amount | None:
    """Read `12 days`, `$1.5k`, `nearly 50 %`, `10-12`, `> 3,000`; None when it is none, or can be read two ways."""
    found = _AMOUNT.fullmatch(_REMARK.sub("", text).strip().casefold())
    if not found or (found["scale"] == "m" and not found["currency"]):  # metres, minutes, millions
        return None
    read = _range(found["number"])
    upper = _range(found["upper"]) if found["upper"] else read
    if not read or not upper or upper.high < read.low:
        return None
    meant = _qualified(Range(read.low, upper.high), found).times(_factor(found))
    unit = folded_unit(found["currency"] or found["unit"] or "")
    return Amount(-meant if found["sign"] and found["sign"] in _MINUS else meant, unit, bool(found["sign"]))


def _factor(found: re.Match[str]) -> float:
    return _SCALES[found["scale"]] if found["scale"] else 1.0


def folded_unit(text: str) -> str:
    """Return the first word of a unit as all writers of it would have it: `%` of `percent of teams`."""
    words = text.casefold().replace("per cent", "%").split()
    word = words[0].strip(".,;:") if words else ""
    word = word[:1] if word[:1] in "%$\u20ac\u00a3" else word
    word = word[:-1] if len(word) > 3 and word.endswith("s") else word
    return _UNITS.get(word, word)


def numbers_in(text: str) -> Iterator[Range]:
    """Yield the numbers in a text, without their signs; what can be read two ways is left out."""
    for found in _ANY_NUMBER.finditer(text.casefold()):
        if read := _range(found["number"]):
            yield read.times(_factor(found))
            if found["scale"] == "m":
                yield read


def _range(written: str) -> Range | None:
    """Read digits, rounded to half of the last that counts: of trailing noughts, all but what makes two digits."""
    if _AMBIGUOUS.fullmatch(written):
        return None
    whole, decimals = _parts(written)
    if not decimals:
        noughts = min(len(whole) - len(whole.rstrip("0")), max(len(whole) - 2, 0))
        half = 10.0**noughts / 2
    else:
        half = 10.0 ** -len(decimals) / 2
    value = float(f"{whole}.{decimals or 0}")
    return Range(max(value - half, 0.0), value + half)


def _parts(written: str) -> tuple[str, str]:
    """Split digits with their marks into the whole and the decimals."""
    marks = [sign for sign in written if not sign.isdigit()]
    if not marks or (marks[-1] == marks[0] and _GROUPED.fullmatch(written)):
        return re.sub(r"\D", "", written), ""
    whole, decimals = written.rsplit(marks[-1], 1)
    return re.sub(r"\D", "", whole), decimals


def _qualified(read: Range, found: re.Match[str]) -> Range:
    if found["more"] or found["plus"]:
        return Range(read.low, math.inf)
    if found["less"]:
        return Range(0.0, read.high)
    slack = _LOOSE * read.high if found["loose"] else 0.0
    return Range(read.low - slack, read.high + slack)
