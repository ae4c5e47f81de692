"""The section: a heading with its text."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.kinds import Kind
from ingest.markdown.blocks import Lines


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with the text down to the next heading of any level."""

    kind: Kind
    headings: tuple[str, ...]
    """Its heading path, outermost first; empty for text before the first heading."""
    lines: Lines
    """Half-open range of 0-based lines, including its heading."""
    body_line: int
    """First line after the heading."""
