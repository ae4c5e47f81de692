"""Recognises lines meant as `key: value` with a key of the format, also where YAML does not read them so."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from ingest.format import FORMAT, Choice

BLANKS = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
"""Characters that look like a blank and that YAML reads as letters; for a class of a regular expression."""
UNSEEN = "\u00ad\u200b-\u200f\u2060\ufeff"
"""Invisible characters, for a class of a regular expression."""
COLONS = "\uff1a\ufe55\ufe13\u2236\ua789"
"""Characters that look like a colon, the full-width colon first."""

_LINE = re.compile(
    rf"[\s{{{UNSEEN}]*+[\"']?(?P<key>[a-z_]++)[\"']?(?P<sign>[\s{UNSEEN}]*+[:={COLONS}][\s{UNSEEN}]*+)(?P<value>.*)"
)
_QUOTES = "\"'[], \t"


class KeyLine(NamedTuple):
    """The parts of such a line."""

    key: str
    sign: str
    """The colon with all blanks around it."""
    value: str

    @property
    def fits(self) -> bool:
        """Whether the key permits only a fixed set of words, and the value is one: then the line is not prose."""
        shape = FORMAT.keys[self.key].shape
        return isinstance(shape, Choice) and self.value.strip(_QUOTES) in shape.words


def key_line(row: str) -> KeyLine | None:
    """Return the parts of a line that begins with a key of the format and a colon or `=`; None for any other."""
    found = _LINE.match(row)
    if not found or found["key"] not in FORMAT.keys:
        return None
    return KeyLine(found["key"], found["sign"], found["value"])


def is_certain(rows: Iterable[str], may_be_a_title: bool = False) -> bool:
    """Return whether lines are front matter in any context: two known keys, or one whose value fits."""
    lines = [line for row in rows if (line := key_line(row))]
    keys = {line.key for line in lines}
    return len(keys) > 1 or any(line.fits for line in lines) or (may_be_a_title and "title" in keys)
