"""The name on a row of notes: alone, or before its text."""

from __future__ import annotations

import re

from ingest.markdown.plain import plain_inline
from kb.codify.labels.labels import Label, label_of
from kb.figures.table_rows import cells_of

HEADING = re.compile(r" {0,3}(?P<marks>#{1,6})\s")
_MARKER = re.compile(r"\s*(?:(?:[-*+]|\d{1,9}[.)]|#{1,6})\s+)?")
_NUMBER = re.compile(r"\d{1,2}(?:\.\d{1,2})*[.)]?\s+(?=\D)")
_LONGEST = 100
_NAME_AND_TEXT = 2


def unmarked(row: str) -> str:
    """Return a row without the marker of an item or a heading."""
    return _MARKER.sub("", row, count=1)


def name_alone(row: str) -> str:
    """Return the text of a row in lower case, without markup and number, for comparison with known names."""
    if len(row) >= _LONGEST:
        return ""
    line = unmarked(row)
    return plain_inline(_NUMBER.sub("", line) if HEADING.match(row) else line).strip(" *_").rstrip(":?").casefold()


def label_on(row: str) -> Label | None:
    """Return the label of a row or an item, or the first cell of a row with two cells as a label."""
    if len(cells := cells_of(row)) == _NAME_AND_TEXT:
        row = f"{plain_inline(cells[0]).removesuffix(':')}: {cells[1]}"
    return label_of(unmarked(row).rstrip(" \\"))
