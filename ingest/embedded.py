"""Pictures and other data written into a text as base64: nobody reads it, and a megabyte of it is no passage."""

from __future__ import annotations

import re

# RFC 2397.
_DATA_URI = re.compile(
    r"(?P<head>data:[\w/+.-]{0,100}(?:;[\w-]{1,40}(?:=[\w.-]{1,40})?){0,4},)"
    r"(?P<data>[A-Za-z0-9+/=_%.~!*-]{16,}+(?:\n[A-Za-z0-9+/=]{16,}+)*+)",
    re.IGNORECASE,
)
_LONGEST_KEPT = 200
"""Characters of an icon, which costs nothing."""


def without_data(text: str) -> str:
    """Return a text without the data of its `data:` addresses; every line keeps its number."""
    return _DATA_URI.sub(_emptied, text) if "data:" in text else text


def _emptied(found: re.Match[str]) -> str:
    if len(found["data"]) <= _LONGEST_KEPT:
        return found.group()
    return found["head"] + "\n=" * found["data"].count("\n")
