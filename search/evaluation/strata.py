"""Splits queries into those that share few words with their relevant documents and those that share many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median

from search.analysis.analyzer import terms


@dataclass(frozen=True, slots=True)
class Strata:
    """Queries that share few words with their relevant documents, and queries that share many."""

    few: tuple[str, ...]
    many: tuple[str, ...]
    boundary: float
    """The median overlap; a query with at least this overlap shares many words."""


def overlap(query: str, relevant: Iterable[frozenset[str]]) -> float:
    """Return the share of a query's different terms that the most similar relevant document has, 0 to 1."""
    wanted = set(terms(query))
    return max((len(wanted & document) for document in relevant), default=0) / max(len(wanted), 1)


def split(overlaps: Mapping[str, float]) -> Strata:
    """Split queries at the median overlap; a query at the median shares many words, unless all would."""
    boundary = median(overlaps.values())
    few = tuple(query for query, share in overlaps.items() if share < boundary)
    if not few:
        few = tuple(query for query, share in overlaps.items() if share <= boundary)
    return Strata(few, tuple(query for query in overlaps if query not in set(few)), boundary)
