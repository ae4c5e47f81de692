"""How often right answers are shown as relevant, and how often answers shown as relevant are right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from search.engine import LEVELS, Relevance

if TYPE_CHECKING:
    from kb.evaluation.judged import Judged
    from kb.forms.judge import evaluation as forms
    from kb.retrieval.matches import Ranked

HIDDEN = "hidden"
"""The name of the rate of hidden answers in a gate."""
_FIRST = 3
"""A user is expected to see a right lesson among this many first ones."""
SHOWN = 5
"""Number of lessons in an answer, the default of a search."""


@dataclass(frozen=True, slots=True)
class Band:
    """The answers with one relevance verdict."""

    relevance: Relevance
    answers: int
    right_first: int
    """Number of answers whose first lesson is right."""
    right_among_first: int
    """Number of answers with a right lesson among the first three."""

    def as_json(self) -> forms.Band:
        return {
            "answers": self.answers,
            "right_first": self.right_first,
            "right_among_first": self.right_among_first,
        }


@dataclass(frozen=True, slots=True)
class Reliability:
    """The answers to judged queries by relevance verdict: a reliability table (Naeini et al. 2015)."""

    bands: tuple[Band, ...]
    """The most certain verdict first."""

    @property
    def right(self) -> int:
        """Number of queries with a right lesson among the first three."""
        return sum(band.right_among_first for band in self.bands)

    @property
    def hidden(self) -> float:
        """The share of these whose best verdict is only `NEAREST`; 0 if there are none."""
        nearest = sum(band.right_among_first for band in self.bands if band.relevance is Relevance.NEAREST)
        return nearest / self.right if self.right else 0.0

    def as_json(self) -> forms.Reliability:
        return {
            "hidden": round(self.hidden, 6),
            "right_among_first": self.right,
            "bands": {band.relevance.value: band.as_json() for band in self.bands},
        }


def reliability(judged: Judged, rankings: Mapping[str, Sequence[Ranked]]) -> Reliability:
    """Compare the relevance verdicts of rankings with the judgements."""
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
