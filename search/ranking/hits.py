"""The lessons that were found for a query, the best first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from search.ranking.relevance import LEVELS, Relevance

PASSAGES_SHOWN = 3
"""The maximum number of passages shown of a lesson."""


class Standing(NamedTuple):
    """A lesson's rank and score in one index, among the lessons that the query is restricted to."""

    rank: int
    """From 1."""
    score: float


class Hit(NamedTuple):
    """A lesson in a ranking."""

    lesson: int
    """The lesson's number."""
    score: float
    """Comparable within one ranking only."""
    parts: Mapping[str, float]
    """The summands of the score, by name."""
    passages: tuple[int, ...]
    """The positions in the lesson, from 0, of its best passages, the best first."""
    lexical: Standing | None
    semantic: Standing | None
    evidence: float = 0.0
    """How much evidence there is that it helps, on an absolute scale (`search/ranking/relevance.py`)."""
    relevance: Relevance = Relevance.NEAREST


class Ranking(NamedTuple):
    """The lessons for a query, the best first."""

    hits: tuple[Hit, ...]

    @property
    def relevance(self) -> Relevance:
        """The highest relevance of its hits; nearest if there are none."""
        return max((hit.relevance for hit in self.hits), key=LEVELS.index, default=Relevance.NEAREST)
