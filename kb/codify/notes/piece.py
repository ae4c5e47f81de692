"""A part of notes that lies under one heading or label."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.kinds import Kind


@dataclass(frozen=True, slots=True)
class Piece:
    """Some rows of one kind, below one heading."""

    kind: Kind
    rows: tuple[str, ...]
    level: int = 0
    """Of its heading in the lesson; 0 without one."""
    heading: str = ""
    """In Markdown, without its marks."""
    context: str = ""
    """The heading above it of another kind, which its own repeats."""
    unnamed: tuple[str, ...] | None = None
    """The rows without the heading or labels that the lesson's own heading says; None where it does not."""

    @property
    def text(self) -> str:
        head = f"{'#' * self.level} {self.heading}" if self.level else ""
        return "\n\n".join(part for part in (head, _body(self.rows)) if part)

    @property
    def unnamed_text(self) -> str | None:
        return None if self.unnamed is None else _body(self.unnamed)


def _body(rows: tuple[str, ...]) -> str:
    return "\n".join(rows).strip("\n").rstrip()
