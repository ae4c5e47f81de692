"""The lessons that were found for a query, the best first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from search.ranking.relevance import LEVELS, Relevance

PASSAGES_SHOWN = 3
"""A lesson shows at most so many passages."""


class Standing(NamedTuple):
    """Where one index saw a lesson, among those that the query is restricted to."""

    rank: int
    """From 1."""
    score: float

    def as_json(self) -> dict[str, float]:
        return {"rank": self.rank, "score": round(self.score, 6)}


class Hit(NamedTuple):
    """A lesson in a ranking."""

    lesson: int
    """Its number."""
    score: float
    """Comparable within one ranking only."""
    parts: Mapping[str, float]
    """What the score is the sum of, by name."""
    passages: tuple[int, ...]
    """The places in the lesson of its best passages, the best first."""
    lexical: Standing | None
    semantic: Standing | None
    evidence: float = 0.0
    """What speaks for its helping, whatever else is in the library (`search/ranking/relevance.py`)."""
    relevance: Relevance = Relevance.NEAREST


class Ranking(NamedTuple):
    """The lessons for a query, the best first."""

    hits: tuple[Hit, ...]

    @property
    def relevance(self) -> Relevance:
        """That of the best of them; nearest, when there is none."""
        return max((hit.relevance for hit in self.hits), key=LEVELS.index, default=Relevance.NEAREST)
