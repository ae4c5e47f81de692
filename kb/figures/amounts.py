"""Numbers with their precision and their unit."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from kb.figures.currencies import CURRENCIES
from search.query import CURRENCY, MINUS, QUALIFIER, SCALE, SIGN, digits, factor, is_ambiguous, is_unsure, parts


@dataclass(frozen=True, slots=True)
class Range:
    """The interval of values that a written number can mean: `12` is 11.5 to 12.5, `about 50` is 44.5 to 55.5."""

    low: float
    high: float

    def meets(self, other: Range) -> bool:
        """Return whether both can mean the same number."""
        return not _is_above(self.low, other.high) and not _is_above(other.low, self.high)

    def __neg__(self) -> Range:
        return Range(-self.high, -self.low)

    def __sub__(self, other: Range) -> Range:
        return Range(self.low - other.high, self.high - other.low)

    def over(self, other: Range) -> Range:
        """Return the quotient; `other` must be above zero, and this range not below zero."""
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
    """A number with its unit."""

    range: Range
    unit: str
    """Normalized first word of the unit: `day`, `usd`, `%`, `point` for percentage points; empty if not stated."""
    signed: bool = False
    """Whether it was written with a plus or minus sign."""
    value: float = 0.0
    """The number as written, with its sign; of a range the middle, of `over 3,000` the bound."""
    precision: str = ""
    """How exact it is: `about`, `at least`, `at most`, `range`; empty if nothing is said."""


_CURRENCIES = {
    "$": "usd",
    "us$": "usd",
    "dollar": "usd",
    "\u20ac": "eur",
    "euro": "eur",
    "\u00a3": "gbp",
    "pound": "gbp",
    "\u00a5": "jpy",
    "\u20b9": "inr",
}
_UNITS = _CURRENCIES | {
    **dict.fromkeys(("percent", "pct"), "%"),
    **dict.fromkeys(("percentage", "pp", "pt", "ppt"), "point"),
    **dict.fromkeys(("h", "hr", "hrs"), "hour"),
    **dict.fromkeys(("min", "mins"), "minute"),
    **dict.fromkeys(("s", "sec"), "second"),
}
_LOOSE = 0.1
_AMOUNT = re.compile(
    rf"(?:{QUALIFIER}\s*)?(?P<sign>{SIGN})?\s?(?P<currency>{CURRENCY})?\s?(?P<second>{SIGN})?{digits('number')}"
    rf"(?:\s?(?:[-\u2013\u2014]|to)\s?{digits('upper')})?(?P<plus>\+)?(?:\s?{SCALE})?"
    r"(?:\s?(?P<unit>[^\W\d_][^\d]*|[%$\u20ac\u00a3\u00a5\u20b9][^\d]*))?"
)
_BETWEEN = re.compile(r"between (?P<low>.+?) and (?:[A-Z]{3} ?|[$\u20ac\u00a3])?(?P<high>\d.*)", re.IGNORECASE)
_CODE_BEFORE = re.compile(rf"(?P<before>(?:{QUALIFIER} ?)?{SIGN}?) ?(?P<code>[A-Z]{{3}}) ?(?P<number>{SIGN}?\d.*)")
_THOUSANDS = re.compile(r"\b[Tk](?P<code>[A-Z]{3})\b")
_REMARK = re.compile(r"\s*\([^()]*\)")
_ANY_NUMBER = re.compile(rf"(?<![\w.,]){digits('number')}(?:\s?{SCALE})?")


def read_amount(text: str) -> Amount | None:
    """Parse `12 days`, `$1.5k`, `nearly 50 %`, `10-12`, `> 3,000`; None if it is no amount or is ambiguous."""
    found = _AMOUNT.fullmatch(usual_order(_REMARK.sub("", text).strip()).casefold())
    if not found or (is_unsure(found) and (found["unit"] or "").strip().upper() not in CURRENCIES):
        return None
    read = _range(found["number"])
    upper = _range(found["upper"]) if found["upper"] else read
    if not read or not upper or upper.high < read.low:
        return None
    meant = _qualified(Range(read.low, upper.high), found).times(factor(found["scale"] or ""))
    unit = folded_unit(found["currency"] or found["unit"] or "")
    sign = found["sign"] or found["second"]
    numbers = [_value(found[name]) for name in ("number", "upper") if found[name]]
    value = sum(numbers) / len(numbers) * factor(found["scale"] or "")
    if sign and sign in MINUS:
        return Amount(-meant, unit, True, -value, _precision(found))
    return Amount(meant, unit, bool(sign), value, _precision(found))


def usual_order(text: str) -> str:
    """Return an amount in the usual order: `between PLN 2 and 3` → `2 to 3 PLN`, `4 TEUR` → `4 k EUR`."""
    text = " ".join(text.split())
    if found := _BETWEEN.fullmatch(text):
        text = f"{found['low']} to {found['high']}"
    if (found := _CODE_BEFORE.fullmatch(text)) and found["code"] in CURRENCIES:
        text = f"{found['before']}{found['number']} {found['code']}"
    found = _THOUSANDS.search(text)
    return (
        f"{text[: found.start()]}k {found['code']}{text[found.end() :]}"
        if found and found["code"] in CURRENCIES
        else text
    )


def _value(written: str) -> float:
    whole, decimals = parts(written)
    return float(f"{whole}.{decimals or 0}")


def _precision(found: re.Match[str]) -> str:
    """Return how exact a number is written to be."""
    said = (
        ("about", found["loose"]),
        ("at least", found["more"] or found["plus"]),
        ("at most", found["less"]),
        ("range", found["upper"]),
    )
    return next((name for name, is_said in said if is_said), "")


def folded_unit(text: str) -> str:
    """Return the first word of a unit, normalized: `percent of teams` → `%`."""
    words = text.casefold().replace("per cent", "%").split()
    word = words[0].strip(".,;:") if words else ""
    word = word[:1] if word[:1] in "%$\u20ac\u00a3\u00a5\u20b9" else word
    word = word[:-1] if len(word) > 3 and word.endswith("s") else word
    return _UNITS.get(word, word)


def numbers_in(text: str) -> Iterator[Range]:
    """Yield the numbers in a text, without their signs; ambiguous ones are left out."""
    for found in _ANY_NUMBER.finditer(text.casefold()):
        if read := _range(found["number"]):
            yield read.times(factor(found["scale"] or ""))
            if found["scale"] in ("m", "b"):
                yield read


def _range(written: str) -> Range | None:
    """Return a number ± half a unit of its last significant digit; trailing zeros after two digits do not count."""
    if is_ambiguous(written):
        return None
    whole, decimals = parts(written)
    if not decimals:
        noughts = min(len(whole) - len(whole.rstrip("0")), max(len(whole) - 2, 0))
        half = 10.0**noughts / 2
    else:
        half = 10.0 ** -len(decimals) / 2
    value = _value(written)
    return Range(max(value - half, 0.0), value + half)


def _qualified(read: Range, found: re.Match[str]) -> Range:
    if found["more"] or found["plus"]:
        return Range(read.low, math.inf)
    if found["less"]:
        return Range(0.0, read.high)
    slack = _LOOSE * read.high if found["loose"] else 0.0
    return Range(read.low - slack, read.high + slack)
