"""One claim of a change in a text, and the units that all claims may have."""

from __future__ import annotations

import re
from dataclasses import dataclass

MONEY = r"(?:us\sdollars|dollars|euros|pounds|usd|eur|gbp)\b"
TIME = r"(?:milliseconds|ms|seconds|minutes|hours|days|weeks|months|quarters|years|working\sdays)\b"
ABBREVIATED = r"(?:min|mins|secs?|ms|hrs?|km/h|mph|kg|km|mm|cm|kwh|kw|mb|gb|tb|ppm|[hsl])\b"
"""Units of one to four letters, which the word behind a number is not that goes on with the sentence."""
ENDS = r"(?![\w:]|[.,/\u2013-]\d)"
"""Where a number ends that is no part of another, of a clock time or of a date."""
YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Figure:
    """One claim, as an `impact` entry would have it; what the text does not say is empty."""

    start: int
    end: int
    text: str = ""
    """What is claimed, as it stands there, on one line."""
    before: str = ""
    after: str = ""
    change: str = ""
    """With its sign where that is sure, or in the words of the text: `-48%`, `-500,000`, `twice as fast`."""
    unit: str = ""
