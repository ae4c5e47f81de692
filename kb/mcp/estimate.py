"""An estimate of how many tokens a text costs a model.

Models count differently. English prose has about four and a half characters a token, JSON about three, Chinese about
one. So a token is counted for every three and a half characters of ASCII and for every other character: for English
prose that is a quarter too many, which is the safe side.
"""

from __future__ import annotations

import math

_ASCII_PER_TOKEN = 3.5


def tokens_in(text: str) -> int:
    """Return the estimate."""
    plain = len(text) if text.isascii() else len(text.encode("ascii", "ignore"))
    return math.ceil(plain / _ASCII_PER_TOKEN) + len(text) - plain
