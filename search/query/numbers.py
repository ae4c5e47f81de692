"""Numbers as people write them: `1,200.50`, `1.200,50`, `1'200`, `1 200`, `1,00,000`, `1.2 million`, `$1.5M`.

The only parser for values of the front matter: filters, the checks of figures and the impact of lessons use it.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple


def digits(name: str) -> str:
    """Return a regular expression for digits with a group `name`: in threes, in Indian groups, or ungrouped."""
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
"""Scales only in amounts of money; otherwise metres, minutes or bytes."""
MINUS = "\u2212\u2013-"
SIGN = rf"[+{MINUS}]"
CURRENCY = r"us\$|[$\u20ac\u00a3\u00a5\u20b9]|(?:usd|eur|gbp|chf|jpy|inr)\b"
_LOOSELY = r"about|around|approx(?:imately|\.)?|roughly|nearly|almost|some|circa|ca\.?|close to|~|\u2248"
_MORE = r"more than|over|above|at least|>=?|\u2265"
_LESS = r"less than|fewer than|under|below|at most|up to|<=?|\u2264"
QUALIFIER = rf"(?:(?P<loose>{_LOOSELY})|(?P<more>{_MORE})|(?P<less>{_LESS}))"
_AMBIGUOUS = re.compile(r"[1-9]\d{0,2}\.\d{3}")  # 1.500 is 1.5 in some countries and 1500 in others
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:\D\d{3})+|[1-9]\d?(?:,\d\d)+,\d{3}")
_LEADING = re.compile(
    rf"\s*+(?:{QUALIFIER}\s*+)?(?P<sign>{SIGN})?\s*+(?P<currency>{CURRENCY})?\s*+(?P<second>{SIGN})?{digits('number')}"
    # Digits that continue as a clock time, a fraction, a date, a version or a power are no number.
    rf"(?!\d|[.,:/]\d|[^\W\d_]\d)(?:(?P<blank>\s*+){SCALE})?(?P<percent>\s*+(?:%|(?:per\s?cent|percent|pct|prozent)\b))?"
)
_LONGEST = 200
"""Characters of a text in which a number is looked for."""


class Number(NamedTuple):
    """A number, and how it was written."""

    value: float
    signed: bool
    percent: bool
    end: int
    """The offset in the text at which it ends."""


def leading_number(text: str) -> Number | None:
    """Parse the number that a text begins with; None if there is none.

    A point before three digits is read as a decimal point; a caller may check `two_readings` first.
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
    """Return both possible meanings of the number at a text's beginning, 1500 and 1.5 for `1.500`; else None."""
    found = _LEADING.match(text[:_LONGEST].lower())
    if not found or not is_ambiguous(found["number"]):
        return None
    whole, _, decimals = found["number"].partition(".")
    shorter = decimals.rstrip("0")
    return whole + decimals, f"{whole}.{decimals}0" if shorter == decimals else f"{whole}.{shorter}".rstrip(".")


def is_unsure(found: re.Match[str]) -> bool:
    """Return whether a number's scale letter is only for money, and the number has no currency."""
    return found["scale"] in _ONLY_OF_MONEY and not found["currency"]


def is_ambiguous(written: str) -> bool:
    """Return whether digits can be read in two ways, as `1.500`."""
    return bool(_AMBIGUOUS.fullmatch(written))


def value_of(written: str, scale: str = "") -> float:
    """Return the value of digits times their scale word."""
    whole, decimals = parts(written)
    return float(Decimal(f"{whole}.{decimals or 0}").scaleb(_EXPONENTS.get(scale, 0)))


def factor(scale: str) -> float:
    """Return the factor of a scale word (`k`, `million`), 1 for any other word and for none."""
    return 10.0 ** _EXPONENTS.get(scale, 0)


def parts(written: str) -> tuple[str, str]:
    """Split digits into the whole part and the decimals, without marks."""
    marks = [sign for sign in written if not sign.isdigit()]
    if not marks or (marks[-1] == marks[0] and _GROUPED.fullmatch(written)):
        return re.sub(r"\D", "", written), ""
    whole, decimals = written.rsplit(marks[-1], 1)
    return re.sub(r"\D", "", whole), decimals
