"""Decodes the bytes of notes to text, with a remark for the user if that is uncertain."""

from __future__ import annotations

import re
from typing import NamedTuple

from ingest.files.decoding import decode
from ingest.problem import Unreadable
from kb.errors import UnreadableNotes

_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ufffd]")


class NotesText(NamedTuple):
    """A text, and what the user should know about how it was decoded."""

    text: str
    remark: str = ""


def notes_text(data: bytes, name: str = "") -> NotesText:
    """Decode notes; `name` is the file name, empty for typed notes. Raises `UnreadableNotes`."""
    shown = name or "standard input"
    try:
        decoded = decode(data)
    except Unreadable as error:
        raise UnreadableNotes(f"{shown}: {error}") from error
    if decoded.flaw and _CONTROL.search(decoded.text):  # a text in another encoding has none either
        raise UnreadableNotes(f"{shown}:{decoded.line}: {decoded.flaw}")
    if not decoded.text.strip():
        raise UnreadableNotes(f"{shown}: has no text; to begin a lesson without notes leave out --from")
    text = (decoded.flaw or "").partition("; save it")[0]
    return NotesText(
        decoded.text, f"{shown}:{decoded.line}: {text}; check whether all letters are right" if text else ""
    )
