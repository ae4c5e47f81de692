"""A passage: what is indexed, scored and shown."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from ingest.kinds import Kind

if TYPE_CHECKING:
    from ingest.markdown.blocks import Lines


class Origin(StrEnum):
    """Which part of a lesson a passage is a slice of."""

    BODY = "body"
    ANSWER = "answer"
    """One problem statement of `answers` in the front matter."""
    SUMMARY = "summary"


class Passage(NamedTuple):
    """What is indexed, scored and shown: a slice of a lesson's file."""

    origin: Origin
    kind: Kind
    headings: tuple[str, ...]
    """The path of headings down to the slice, outermost first."""
    lines: Lines
    """Half-open, 0-based, true to the file."""
    text: str
    """The slice; for `answers` and `summary` the value that stands on those lines."""
    context: str = ""
    """Put in front of the text when it is encoded: title and heading path."""

    @property
    def encoded_text(self) -> str:
        return encoded_text(self.context, self.text)


def encoded_text(context: str, text: str) -> str:
    """Return what is encoded of a passage: where it stands, and what it says."""
    return "\n".join(part for part in (context, text) if part)
