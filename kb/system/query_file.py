"""Reads a query from a file, such as a mail or a page."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from ingest.files.decoding import decode
from ingest.files.reason import reason_of
from ingest.files.regular_file import open_regular
from ingest.problem import Unreadable
from kb.errors import KbError
from search.query import MAX_CHARACTERS

STANDARD_INPUT = "-"
# Bytes; more than the longest query in UTF-8, UTF-16 or UTF-32.
_MOST_BYTES = 4 * MAX_CHARACTERS + 8


class UnreadableQuery(KbError):
    """The named file cannot be read as a query."""


def read_query(name: str) -> str:
    """Return the text of a file, or of standard input for `-`; raises `UnreadableQuery`."""
    shown = "standard input" if name == STANDARD_INPUT else name
    try:
        text = decode(_head(name)).text
    except OSError as error:
        raise UnreadableQuery(f"{shown}: {reason_of(error)}; name a text file") from error
    except Unreadable as error:
        raise UnreadableQuery(f"{shown}: {error}") from error
    if not text.strip():
        raise UnreadableQuery(f"{shown} is empty; describe the problem in a few words")
    return text


def _head(name: str) -> bytes:
    if name == STANDARD_INPUT:
        return sys.stdin.buffer.read(_MOST_BYTES)
    with os.fdopen(open_regular(Path(name), links=True), "rb") as file:
        return file.read(_MOST_BYTES)
