"""Makes untrusted text safe to print: control characters and invisible characters become visible marks.

Each character becomes exactly one character, so that offsets stay the same.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TextIO, cast

_PICTURES = 0x2400
"""First of Unicode's pictures for the control characters of ASCII."""
_HIDDEN = "\ufffd"
# Line ends and tabs stay. All other control characters (C0, DEL, C1) can move the cursor, erase, colour, or make the
# terminal answer; the others here reorder the text around them (bidirectional controls), or have no width.
_DRIVING = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u180e\u200b\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
    # Joiners (U+200C, U+200D) stay in scripts and emoji that need them; beside a Latin letter they only hide.
    r"|(?<![^\x00-\u02ff])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\u02ff])"
)
# Invisible filling characters stay where they have a function: in syllables of old Hangul, in Braille, between
# combining marks, after an ideograph whose variant they select. Elsewhere they only hide the end of a word.
_FILLING = re.compile(
    r"[\u3164\uffa0\u17b4\u17b5\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0080-\U000e00ff\U000e01f0-\U000e0fff]"
    r"|(?<![\u1100-\u115e\u1161-\u11ff\ua960-\ua97f\ud7b0-\ud7ff])[\u115f\u1160](?![\u1100-\u115e\u1161-\u11ff\ua960-\ua97f\ud7b0-\ud7ff])"
    r"|(?<![\u2800-\u28ff])\u2800+(?![\u2800-\u28ff])"
    r"|\u034f(?![\u0300-\u036f\u0591-\u05c7])"
    r"|(?<![\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])[\U000e0100-\U000e01ef]"
    r"|(?<=[A-Za-z\u00c0-\u024f])[\ufe00-\ufe0f]"
)
# Direction marks stay in a text that contains right-to-left script.
_DIRECTION = re.compile(r"[\u061c\u200e\u200f]")
_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u061b\u061d-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff]")

# All signs that one of the patterns above looks at: nearly no text has one, and this is found out ten times as fast.
_ANY_OF_THEM = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    r"\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


def visible(text: str) -> str:
    """Return a text of the same length without characters that control a terminal or are hidden."""
    if not _ANY_OF_THEM.search(text):
        return text
    shown = _FILLING.sub(_mark, _DRIVING.sub(_mark, text))
    return shown if _RIGHT_TO_LEFT.search(shown) else _DIRECTION.sub(_HIDDEN, shown)


def places_of_hidden(text: str) -> Iterator[int]:
    """Yield the offsets of the characters that `visible` replaces."""
    shown = visible(text)
    if shown != text:  # rarely; comparing each character is slow
        yield from (place for place, (sign, mark) in enumerate(zip(text, shown, strict=True)) if sign != mark)


def json_text(value: Any, indent: int | None = None) -> str:
    """Return a value as JSON; only characters that control a terminal or are hidden are escaped."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    if not _ANY_OF_THEM.search(text):
        return text
    for hidden in (_DRIVING, _FILLING, _DIRECTION):
        text = hidden.sub(_escape, text)
    return text


class VisibleStream:
    """A text stream that applies `visible` to all text written; otherwise it behaves as the original stream."""

    def __init__(self, stream: TextIO) -> None:
        self.as_written = stream
        """The original stream: for kb's own escape sequences, and for a lesson that is written to a file."""

    def write(self, text: str) -> int:
        return self.as_written.write(visible(text))

    def writelines(self, lines: Iterable[str]) -> None:
        self.as_written.writelines(map(visible, lines))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.as_written, name)


@contextmanager
def all_visible() -> Iterator[None]:
    """Apply `visible` to everything printed to stdout and stderr inside the `with` block."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (cast(TextIO, VisibleStream(stream)) for stream in before)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def as_written(stream: TextIO) -> TextIO:
    """Return the original stream of a `VisibleStream`; any other stream unchanged."""
    return stream.as_written if isinstance(stream, VisibleStream) else stream


def _mark(found: re.Match[str]) -> str:
    return "".join(map(_mark_of, found[0]))


def _mark_of(sign: str) -> str:
    if sign < " ":
        return chr(_PICTURES + ord(sign))
    return "\u2421" if sign == "\x7f" else _HIDDEN


def _escape(found: re.Match[str]) -> str:
    return "".join(map(_escape_of, found[0]))


def _escape_of(sign: str) -> str:
    code = ord(sign)
    if code < 0x10000:
        return f"\\u{code:04x}"
    code -= 0x10000
    return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"
