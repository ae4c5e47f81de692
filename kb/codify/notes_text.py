"""The bytes of notes → their text: UTF-8, what a byte order mark says, or else what Word and Outlook write."""

from __future__ import annotations

import re
from typing import NamedTuple

from ingest.decoding import decode
from ingest.problem import Unreadable
from kb.errors import UnreadableNotes

_FALLBACK = "cp1252"
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")


class NotesText(NamedTuple):
    """A text, and what a person should be told of how it was read."""

    text: str
    remark: str = ""


def notes_text(data: bytes, name: str = "") -> NotesText:
    """Decode notes; `name` is their file's, empty for what is typed in. Raises `UnreadableNotes`."""
    shown = name or "standard input"
    try:
        decoded = decode(data)
    except Unreadable as error:
        raise UnreadableNotes(f"{shown}: {error}") from error
    text, remark = decoded.text, ""
    if decoded.flaw:
        fallback = _as_fallback(data)
        if fallback is None:
            raise UnreadableNotes(f"{shown}:{decoded.line}: {decoded.flaw}")
        text, remark = (
            fallback,
            f"{shown}: not UTF-8; read as Windows-1252 ({_FALLBACK}), look whether all letters are right",
        )
    if not text.strip():
        raise UnreadableNotes(f"{shown}: says nothing; for a lesson from the beginning leave out --from")
    return NotesText(text, remark)


def _as_fallback(data: bytes) -> str | None:
    """Return what the bytes are in Windows-1252, None if they are none, or no text.

    Five of its bytes stand for nothing, and text has no control characters: most other files have some of both.
    """
    try:
        text = data.decode(_FALLBACK)
    except UnicodeDecodeError:
        return None
    return None if _CONTROL.search(text) else text.replace("\r\n", "\n").replace("\r", "\n")
