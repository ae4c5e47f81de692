"""A line that gives a key of the format a value as its author sees it, whether YAML reads it or not."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from ingest.format import FORMAT, Choice

BLANKS = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
"""What an author sees as a blank and YAML takes for a letter, for a class of a regular expression."""
UNSEEN = "\u00ad\u200b-\u200f\u2060\ufeff"
"""What nobody sees, likewise."""
COLONS = "\uff1a\ufe55\ufe13\u2236\ua789"
"""What other keyboards have for a colon, the full-width one first."""

_LINE = re.compile(
    rf"[\s{{{UNSEEN}]*+[\"']?(?P<key>[a-z_]++)[\"']?(?P<sign>[\s{UNSEEN}]*+[:={COLONS}][\s{UNSEEN}]*+)(?P<value>.*)"
)
_QUOTES = "\"'[], \t"


class KeyLine(NamedTuple):
    """Its parts."""

    key: str
    sign: str
    """The colon, with all blanks before and behind it."""
    value: str

    @property
    def fits(self) -> bool:
        """Whether the value is one of the few words that the key may have: then it is no prose."""
        shape = FORMAT.keys[self.key].shape
        return isinstance(shape, Choice) and self.value.strip(_QUOTES) in shape.words


def key_line(row: str) -> KeyLine | None:
    """Return the parts of a line that gives a key of the format a value."""
    found = _LINE.match(row)
    if not found or found["key"] not in FORMAT.keys:
        return None
    return KeyLine(found["key"], found["sign"], found["value"])


def is_certain(rows: Iterable[str], may_be_a_title: bool = False) -> bool:
    """Return whether some lines are front matter whatever stands about them: two known keys, or one that fits."""
    lines = [line for row in rows if (line := key_line(row))]
    keys = {line.key for line in lines}
    return len(keys) > 1 or any(line.fits for line in lines) or (may_be_a_title and "title" in keys)
