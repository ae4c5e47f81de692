"""What the two tools of `kb mcp --allow-write` answer."""

from typing import TypedDict


class RecordedUse(TypedDict):
    """The use of a lesson that was recorded."""

    message: str
    """What was recorded, and what to commit."""
    paths: list[str]
    """The files that were changed, relative to the root of the knowledge base."""
    not_indexed: str | None
    """Why searches do not know it yet; null if they do."""


class WrittenDraft(TypedDict):
    """A draft that was written."""

    id: str
    path: str
    """Of its file, relative to the root of the knowledge base."""
    notes: list[str]
    """What is still unknown."""
