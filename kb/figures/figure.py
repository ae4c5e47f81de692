"""A claim of a change in a text, and the units that all claims may have."""

from __future__ import annotations

import re
from dataclasses import dataclass

MONEY = r"(?:us\sdollars|dollars|euros|pounds|usd|eur|gbp)\b"
TIME = r"(?:milliseconds|ms|seconds|minutes|hours|days|weeks|months|quarters|years|working\sdays)\b"
ABBREVIATED = r"(?:min|mins|secs?|ms|hrs?|km/h|mph|kg|km|mm|cm|kwh|kw|mb|gb|tb|ppm|[hsl])\b"
"""Abbreviated units of one to four letters; any other word after a number may continue the sentence."""
ENDS = r"(?![\w:]|[.,/\u2013-]\d)"
"""The end of a number that is not part of another, of a clock time or of a date."""
YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Figure:
    """A claim with the values of an `impact` entry; values that the text does not state are empty."""

    start: int
    end: int
    text: str = ""
    """The claim as written in the text, on one line."""
    before: str = ""
    after: str = ""
    change: str = ""
    """With its sign if that is certain, or in the words of the text: `-48%`, `-500,000`, `twice as fast`."""
    unit: str = ""
