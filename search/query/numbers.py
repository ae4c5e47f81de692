"""Numbers as people write them: `1,200.50`, `1.200,50`, `1'200`, `1 200`, `1,00,000`, `1.2 million`, `$1.5M`.

A value of the front matter is read here alone: by filters, by the checks of figures, and for what a lesson was worth.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple


def digits(name: str) -> str:
    """Return the pattern of digits, as a group of that name: in groups of three, as in India, or without a mark."""
    gap = rf"(?P<{name}_gap>[,.'\u2019_ \u00a0\u2009\u202f])\d{{3}}(?!\d)(?:(?P={name}_gap)\d{{3}}(?!\d))*"
    indian = r"\d{1,2}(?:,\d\d)+,\d{3}(?!\d)(?:\.\d+)?"
    return rf"(?P<{name}>{indian}|\d{{1,3}}{gap}(?:[.,]\d+)?|\d+(?:[.,]\d+)?)"


_EXPONENTS = {
    **dict.fromkeys(("k", "tsd", "thousand", "thousands"), 3),
    **dict.fromkeys(("lakh", "lakhs"), 5),
    **dict.fromkeys(("m", "mn", "mio", "million", "millions", "millionen"), 6),
    **dict.fromkeys(("crore", "crores"), 7),
    **dict.fromkeys(("b", "bn", "mrd", "billion", "billions", "milliarde", "milliarden"), 9),
}
SCALE = rf"(?P<scale>{'|'.join(sorted(_EXPONENTS, key=len, reverse=True))})\b\.?"
_ONLY_OF_MONEY = frozenset(["m", "b"])
"""Metres, minutes and bytes otherwise."""
MINUS = "\u2212\u2013-"
SIGN = rf"[+{MINUS}]"
CURRENCY = r"us\$|[$\u20ac\u00a3\u00a5\u20b9]|(?:usd|eur|gbp|chf|jpy|inr)\b"
_LOOSELY = r"about|around|approx(?:imately|\.)?|roughly|nearly|almost|some|circa|ca\.?|close to|~|\u2248"
_MORE = r"more than|over|above|at least|>=?|\u2265"
_LESS = r"less than|fewer than|under|below|at most|up to|<=?|\u2264"
QUALIFIER = rf"(?:(?P<loose>{_LOOSELY})|(?P<more>{_MORE})|(?P<less>{_LESS}))"
_AMBIGUOUS = re.compile(r"[1-9]\d{0,2}\.\d{3}")  # 1.500 is one and a half here and fifteen hundred there
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:\D\d{3})+|[1-9]\d?(?:,\d\d)+,\d{3}")
_LEADING = re.compile(
    rf"\s*+(?:{QUALIFIER}\s*+)?(?P<sign>{SIGN})?\s*+(?P<currency>{CURRENCY})?\s*+(?P<second>{SIGN})?{digits('number')}"
    # What goes on as a clock time, a fraction, a date, a version or a power is no number.
    rf"(?!\d|[.,:/]\d|[^\W\d_]\d)(?:(?P<blank>\s*+){SCALE})?(?P<percent>\s*+(?:%|(?:per\s?cent|percent|pct|prozent)\b))?"
)
_LONGEST = 200
"""Characters; a number ends before."""


class Number(NamedTuple):
    """A number, and how it was written."""

    value: float
    signed: bool
    percent: bool
    end: int
    """Where it ends in its text."""


def leading_number(text: str) -> Number | None:
    """Read the number that a text begins with; None when there is none.

    A point before three digits is taken for that of decimals: whoever asks may look at `two_readings` first.
    """
    found = _LEADING.match(text[:_LONGEST].lower())
    if not found:
        return None
    end, scale = found.end(), found["scale"] or ""
    if is_unsure(found):
        if not found["blank"]:
            return None
        end, scale = found.start("blank"), ""
    sign = found["sign"] or found["second"]
    written = found["number"]
    value = float(written) * factor(scale) if is_ambiguous(written) else value_of(written, scale)
    return Number(-value if sign and sign in MINUS else value, bool(sign), bool(found["percent"]), end)


def two_readings(text: str) -> tuple[str, str] | None:
    """Return how to write either thing that the number at a text's beginning may mean: `1.500` is 1500 or 1.5."""
    found = _LEADING.match(text[:_LONGEST].lower())
    if not found or not is_ambiguous(found["number"]):
        return None
    whole, _, decimals = found["number"].partition(".")
    shorter = decimals.rstrip("0")
    return whole + decimals, f"{whole}.{decimals}0" if shorter == decimals else f"{whole}.{shorter}".rstrip(".")


def is_unsure(found: re.Match[str]) -> bool:
    """Return whether the letter behind a number says how much only of money, and this is none."""
    return found["scale"] in _ONLY_OF_MONEY and not found["currency"]


def is_ambiguous(written: str) -> bool:
    """Return whether digits can be read two ways."""
    return bool(_AMBIGUOUS.fullmatch(written))


def value_of(written: str, scale: str = "") -> float:
    """Return what digits say, times what is said behind them."""
    whole, decimals = parts(written)
    return float(Decimal(f"{whole}.{decimals or 0}").scaleb(_EXPONENTS.get(scale, 0)))


def factor(scale: str) -> float:
    """Return by how much a word behind a number multiplies it; by 1 if it is none, or there is none."""
    return 10.0 ** _EXPONENTS.get(scale, 0)


def parts(written: str) -> tuple[str, str]:
    """Split digits with their marks into the whole and the decimals."""
    marks = [sign for sign in written if not sign.isdigit()]
    if not marks or (marks[-1] == marks[0] and _GROUPED.fullmatch(written)):
        return re.sub(r"\D", "", written), ""
    whole, decimals = written.rsplit(marks[-1], 1)
    return re.sub(r"\D", "", whole), decimals
