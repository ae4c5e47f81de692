"""A passage: the unit that is indexed, scored and shown."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from ingest.kinds import Kind

if TYPE_CHECKING:
    from ingest.markdown.blocks import Lines


class Origin(StrEnum):
    """The part of a lesson that a passage comes from."""

    BODY = "body"
    ANSWER = "answer"
    """One problem statement of `answers` in the front matter."""
    SUMMARY = "summary"


class Passage(NamedTuple):
    """The unit that is indexed, scored and shown: a slice of a lesson's file."""

    origin: Origin
    kind: Kind
    headings: tuple[str, ...]
    """The headings above the slice, outermost first."""
    lines: Lines
    """Half-open range of 0-based lines of the file."""
    text: str
    """The slice; for `answers` and `summary`, the value on those lines."""
    context: str = ""
    """Title and heading path, put before the text when it is encoded."""

    @property
    def encoded_text(self) -> str:
        return encoded_text(self.context, self.text)


def encoded_text(context: str, text: str) -> str:
    """Return the text of a passage that is encoded: its context and its text, on separate lines."""
    return "\n".join(part for part in (context, text) if part)
