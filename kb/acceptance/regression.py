"""A lesson that was found and no longer is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Regression:
    """A lesson that was found for one of its own `answers`, and no longer is."""

    lesson: str
    """Its id."""
    question: str
    before: int
    """Its rank then."""
    ahead: tuple[str, ...]
    """The ids of those that are found instead."""

    def __str__(self) -> str:
        instead = f"; instead: {', '.join(self.ahead)}" if self.ahead else ""
        return f"{self.lesson} is no longer found for {self.question!r} (was {self.before}){instead}"
