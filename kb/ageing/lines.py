"""Where something stands in a lesson's file."""

from __future__ import annotations

from ingest.passages.passage import Passage


def line_of(text: str, passage: Passage) -> int:
    """Return the line of the file, from 1, on which a text of a passage stands; the first if it is not found."""
    rows = passage.text.split("\n")
    return passage.lines[0] + 1 + next((number for number, row in enumerate(rows) if text in row), 0)
