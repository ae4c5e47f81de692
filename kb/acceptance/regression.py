"""A loss of retrieval between two snapshots."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kb.forms.keep import run as forms


@dataclass(frozen=True, slots=True)
class Regression:
    """A lesson that was found for one of its own `answers`, and no longer is."""

    lesson: str
    """Id of the lesson."""
    question: str
    before: int
    """Its previous rank, from 1."""
    ahead: tuple[str, ...]
    """Ids of the lessons that are found instead, best first."""

    def as_json(self) -> forms.Regression:
        return {"lesson": self.lesson, "question": self.question, "before": self.before, "ahead": list(self.ahead)}

    def __str__(self) -> str:
        instead = f"; instead: {', '.join(self.ahead)}" if self.ahead else ""
        return f"{self.lesson} is no longer found for {self.question!r} (was {self.before}){instead}"
