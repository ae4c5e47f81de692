"""The answers of `kb gaps`."""

from typing import Literal, TypedDict


class CloseLesson(TypedDict):
    """A lesson near a gap."""

    id: str
    title: str


class Remedy(TypedDict):
    """What would close a gap, and where."""

    cure: Literal["lesson", "answers", "glossary"]
    """A new lesson, the question among the `answers` of a lesson, or a word said in one."""
    lesson: str | None
    """Id of the lesson to change; null for a new one."""
    word: str | None
    """The word that no lesson has."""


class Gap(TypedDict):
    """Questions about one need that the library does not meet."""

    label: str
    questions: list[str]
    """As asked, the most central first; empty if only others asked."""
    words: list[str]
    """The words that say most."""
    asked: int
    nearest: int
    """How often only the nearest lessons were found."""
    reworded: int
    """How often it was asked again at once in other words."""
    last: str
    """The day on which it was asked last."""
    people: int
    units: int
    closest: list[CloseLesson]
    remedy: Remedy


class Gaps(TypedDict):
    """What people asked and the library does not answer, the heaviest first; `kb gaps --json`."""

    gaps: list[Gap]
    hidden: int
    """Gaps in shared lists that fewer than three people have, which are not shown."""
    met: int
    """Needs in the log that the library meets now."""


class SharedGaps(TypedDict):
    """The list that was written for others; `kb gaps --share --json`."""

    path: str
    shared: int
    """Number of gaps in it."""
