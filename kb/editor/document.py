"""A document that is open in an editor."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from kb.editor.open_text import OpenText, Range

MOST_CHARACTERS = 2_000_000
"""A longer document is not followed: its check takes a second or more. The longest of NASA's lessons has 45,332."""


@dataclass(frozen=True)
class Document:
    """One version of an open document."""

    uri: str
    """Its name in the editor."""
    location: Path | None
    """Its file, which need not exist yet; None if it has none."""
    version: int
    text: OpenText | None
    """None if it became too long; then it is not followed any more."""

    def changed(self, version: int, changes: Iterable[tuple[Range | None, str]]) -> Document:
        """Return the document after some changes, one after the other; a version that is over is ignored."""
        if version < self.version:
            return self
        text = self.text
        for place, new in changes:
            if place is None:  # the whole text is there again
                text = followed(new)
            elif text:
                text = followed(text.replaced(place, new).raw)
        return Document(self.uri, self.location, version, text)


def followed(raw: str) -> OpenText | None:
    """Return a text that is to be followed; None if it is too long."""
    return OpenText(raw) if len(raw) <= MOST_CHARACTERS else None
