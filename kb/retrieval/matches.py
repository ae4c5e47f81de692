"""What a search finds, before it is printed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kb.retrieval.answer import Answer
from search.engine import Explanation, Hit, Prepared, Ranking, Relevance
from search.query import Mode, Query


class Ranked(NamedTuple):
    """A ranked lesson."""

    id: str
    score: float
    relevance: Relevance


class Found(NamedTuple):
    """An answer, and what the engine knows of its hits."""

    answer: Answer
    hits: Sequence[Hit]
    explanation: Explanation
    prepared: Prepared


class Matches(NamedTuple):
    """What was found for a request, before passages and reasons are read."""

    query: Query
    prepared: Prepared
    mode: Mode
    """The mode in which it was answered."""
    ranking: Ranking
    notes: tuple[str, ...]
    names: tuple[str, ...]
    """The people whose name is the query."""
