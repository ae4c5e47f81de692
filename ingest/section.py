"""The section: what stands under one heading."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.kinds import Kind
from ingest.markdown.blocks import Lines


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with the text down to the next heading, whatever that one's level."""

    kind: Kind
    headings: tuple[str, ...]
    """The path down to this section, outermost first; empty for what stands before the first heading."""
    lines: Lines
    """Half-open, 0-based, its heading's line first."""
    body_line: int
    """The first line below the heading."""
