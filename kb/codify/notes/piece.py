"""A part of notes under one heading or label."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.kinds import Kind


@dataclass(frozen=True, slots=True)
class Piece:
    """Rows of one kind, below one heading."""

    kind: Kind
    rows: tuple[str, ...]
    level: int = 0
    """Level of its heading in the lesson; 0 without heading."""
    heading: str = ""
    """In Markdown, without `#`."""
    context: str = ""
    """The heading of another kind above it, which its own heading repeats."""
    unnamed: tuple[str, ...] | None = None
    """The rows without the heading or labels that the lesson's own heading repeats; None if it repeats none."""

    @property
    def text(self) -> str:
        head = f"{'#' * self.level} {self.heading}" if self.level else ""
        return "\n\n".join(part for part in (head, _body(self.rows)) if part)

    @property
    def unnamed_text(self) -> str | None:
        return None if self.unnamed is None else _body(self.unnamed)


def _body(rows: tuple[str, ...]) -> str:
    return "\n".join(rows).strip("\n").rstrip()
