"""The answer of `kb new`."""

from typing import TypedDict


class SimilarLesson(TypedDict):
    """A lesson that is similar to a draft."""

    id: str
    title: str
    path: str


class NewDraft(TypedDict):
    """A draft that was begun; `kb new --json`."""

    id: str
    path: str
    """Relative to the root; to be completed, and committed."""
    close: list[SimilarLesson]
    """The lessons to which it may be better to add."""
    remarks: list[str]
    """What is not known yet, or not certain."""
