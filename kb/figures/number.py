"""Numbers in sentences, in English, German, French and Spanish: `from 12,400.50`, `von 12.400,50`, `de 12 400,50`.

A value that is only a number is parsed by `search.query.numbers`.
"""

from __future__ import annotations

import re
from decimal import Decimal
from string import ascii_lowercase

from search.query import factor

DIGITS = (
    r"(?:\d{1,3}(?:,\d{3})++|\d{1,3}(?:\.\d{3})++(?=,\d|\s?(?:€|eur\b|euros?\b))"
    r"|\d{1,3}(?:[ \u00a0\u202f]\d{3})++(?!\d)|\d++)(?:[.,]\d++)?"
)
"""Points separate thousands only if decimals or a euro sign follow: addresses and versions have points too."""
_BLANKS = re.compile(r"[ \u00a0\u202f]")
_BY_COMMAS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_BY_POINTS = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?")
_SURELY_BY_POINTS = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+,\d+")
_EURO_BEHIND = re.compile(r"\s?(?:€|eur\b|euros?\b)")


def has_points(number: str, unit: str) -> bool:
    """Return whether the points of a number separate thousands: it has decimals, or a euro sign follows.

    `1.200` alone means 1200 in German and 1.2 in English.
    """
    is_money = bool(_EURO_BEHIND.match(unit) and _BY_POINTS.fullmatch(number))
    return is_money or bool(_SURELY_BY_POINTS.fullmatch(number))


def is_unclear(before: str, after: str) -> bool:
    """Return whether the direction of a change is ambiguous: `1.200 -> 900` rises in English and falls in German."""
    if any("." in number and not _BY_POINTS.fullmatch(number) for number in (before, after)):
        return False  # one point is decimal, so those of the other number are too
    readings = ([value(plain(number, by_points=points)) for number in (before, after)] for points in (False, True))
    return len({old < new for old, new in readings}) > 1


def plain(number: str, *, by_points: bool = False) -> str:
    """Return a number with a decimal point; `by_points`: its points separate thousands, see `has_points`."""
    number = _BLANKS.sub("", number)
    if by_points and _BY_POINTS.fullmatch(number):
        return number.replace(".", "").replace(",", ".")
    return number if _BY_COMMAS.fullmatch(number) else number.replace(",", ".")


def value(number: str) -> Decimal:
    """Return the value of a number that `plain` returned; `k`, `m`, `million` and the like may follow it."""
    digits = number.rstrip(f" {ascii_lowercase}")
    return Decimal(digits.replace(",", "")) * int(factor(number[len(digits) :].strip()))
