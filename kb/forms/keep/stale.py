"""The answer of `kb stale`."""

from typing import TypedDict

from kb.forms.lesson import Ask, Cause


class StaleReason(TypedDict):
    """Why somebody must look at a lesson, and what to do."""

    cause: Cause
    words: str
    command: str
    """With which to begin."""
    line: int
    """In the lesson's file, from 1."""


class StaleLesson(TypedDict):
    """A lesson that somebody must look at."""

    id: str
    title: str
    path: str
    unit: str | None
    status: str | None
    owner: Ask | None
    """Who must do it; null if nobody is known."""
    used: int
    """How often it was used."""
    confirmed: str | None
    """The day on which it was last known to be true."""
    reasons: list[StaleReason]
    """The most pressing first; at least one."""


class AskedAddresses(TypedDict):
    """What became of asking the addresses on the web that lessons name."""

    named: int
    there: int
    gone: dict[str, int]
    """How many for each reason, like the next two."""
    failed: dict[str, int]
    not_asked: dict[str, int]


class Stale(TypedDict):
    """The lessons to look at, the most pressing first; `kb stale --json`."""

    lessons: list[StaleLesson]
    checked: int
    """Number of lessons that were looked through."""
    undated: int
    """Number of those of which it is not known how old they are."""
    addresses: AskedAddresses | None
    """Null if they were not asked."""
    causes: dict[Cause, int]
    """Number of lessons by cause."""
