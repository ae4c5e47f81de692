"""What a user sees of rankings: how often a right lesson is shown as sure, and how often what is sure is right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from search.ranking.relevance import LEVELS, Relevance

if TYPE_CHECKING:
    from kb.evaluation.judged import Judged
    from kb.retrieval.searcher import Ranked

HIDDEN = "hidden"
"""The name of the rate, for a gate."""
_FIRST = 3
"""A right lesson among so many is one that a user would see."""
SHOWN = 5
"""So many lessons are an answer, as a search shows them by default."""


@dataclass(frozen=True, slots=True)
class Band:
    """The answers of one word."""

    relevance: Relevance
    answers: int
    right_first: int
    """Those whose first lesson is a right one."""
    right_among_first: int
    """Those with a right lesson among the first three."""


@dataclass(frozen=True, slots=True)
class Reliability:
    """The answers to judged queries by how sure they are said to be; Naeini et al. 2015 call it a reliability table."""

    bands: tuple[Band, ...]
    """The surest first."""

    @property
    def right(self) -> int:
        """Queries with a right lesson among the first three."""
        return sum(band.right_among_first for band in self.bands)

    @property
    def hidden(self) -> float:
        """The share of these of which all that is shown is said to be only near; 0 where there are none."""
        nearest = sum(band.right_among_first for band in self.bands if band.relevance is Relevance.NEAREST)
        return nearest / self.right if self.right else 0.0

    def as_json(self) -> dict[str, Any]:
        bands = {
            band.relevance.value: {
                "answers": band.answers,
                "right_first": band.right_first,
                "right_among_first": band.right_among_first,
            }
            for band in self.bands
        }
        return {HIDDEN: round(self.hidden, 6), "right_among_first": self.right, "bands": bands}


def reliability(judged: Judged, rankings: Mapping[str, Sequence[Ranked]]) -> Reliability:
    """Compare what the rankings of judged queries say of themselves with the judgements."""
    places: dict[Relevance, list[int | None]] = {relevance: [] for relevance in reversed(LEVELS)}
    for query, ranking in rankings.items():
        shown = ranking[:SHOWN]
        surest = max((ranked.relevance for ranked in shown), key=LEVELS.index, default=Relevance.NEAREST)
        right = set(judged.relevant(query))
        found = [place for place, ranked in enumerate(shown[:_FIRST]) if ranked.id in right]
        places[surest].append(found[0] if found else None)
    return Reliability(
        tuple(
            Band(relevance, len(found), found.count(0), sum(place is not None for place in found))
            for relevance, found in places.items()
        )
    )
