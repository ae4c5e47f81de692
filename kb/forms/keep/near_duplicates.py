"""The answer of `kb near-duplicates`."""

from typing import TypedDict


class OnlyHere(TypedDict):
    """What one lesson has that no other of its group has."""

    sections: list[str]
    """The kinds of its sections that no other has."""
    impact: list[str]
    people: list[str]
    tools: list[str]
    """Sentences of its sections on tools."""
    sentences: list[str]
    """All other sentences, in order."""


class NearDuplicate(TypedDict):
    """One lesson of a group."""

    id: str
    title: str
    path: str
    date: str | None
    status: str | None
    only_here: OnlyHere


class DuplicateGroup(TypedDict):
    """Lessons of which each is close to another of the group."""

    closeness: float
    """Of the closest two, at most 1."""
    lessons: list[NearDuplicate]
    """By path."""


class NearDuplicates(TypedDict):
    """Groups of lessons that say nearly the same, the closest first; `kb near-duplicates --json`."""

    least: float
    """The least closeness that was asked for."""
    compared: int
    """Number of current lessons."""
    groups: list[DuplicateGroup]
