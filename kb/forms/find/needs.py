"""The answer of `/api/gaps`: what several people asked for, without anybody's own questions."""

from typing import TypedDict


class Need(TypedDict):
    """What at least three people asked for and the library does not have."""

    words: list[str]
    """The words that at least three of them used, those of most people first."""
    asked: int
    people: int
    units: int
    closest: list[str]
    """Ids of the lessons near it."""


class Needs(TypedDict):
    """The shared gaps, those of most people first."""

    gaps: list[Need]
