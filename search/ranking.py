"""A query and an index → the ranking of the lessons, each with its best passages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from search import fusion
from search.postings import Postings

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from search.encoder import Vectors
    from search.vectors import VectorIndex

    Floats = NDArray[np.float32]

# A lesson below both is not relevant: its nearest passage is far from the query in meaning, and of the
# query's information it has less than this share. Round figures, chosen so that nothing that was asked
# for is lost (nDCG@10 on SciFact, Cranfield and the post-mortems falls by at most .001); not calibrated.
_LEAST_COSINE = 0.3
_LEAST_COVERAGE = 0.35
# A lesson shows at most so many passages.
_PASSAGES_SHOWN = 3


class Mode(StrEnum):
    """Which legs answer."""

    HYBRID = "hybrid"
    LEXICAL = "lexical"
    SEMANTIC = "semantic"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one leg saw a lesson."""

    rank: int
    score: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A lesson in a ranking."""

    lesson: int
    """Its number."""
    score: float
    """Comparable within one ranking only."""
    passages: tuple[int, ...]
    """Its best passages' numbers, the best first."""
    lexical: Standing | None
    semantic: Standing | None


@dataclass(frozen=True, slots=True)
class Ranker:
    """The arrays of one snapshot, and how they are read."""

    postings: Postings
    vectors: VectorIndex | None
    shown: NDArray[np.bool_]
    """Which passages may be shown; the others (`answers`, `summary`) only lead to their lesson."""

    def rank(
        self,
        terms: Sequence[str],
        query_vector: Vectors | None,
        limit: int,
        only: NDArray[np.bool_] | None = None,
    ) -> list[Hit]:
        """Rank lessons by terms, by vector or by both. `only` says which lessons may appear.

        Ties go to the lesson that comes first by path.
        """
        lessons = len(self.postings.passages_of)
        if not lessons:
            return []
        allowed = np.ones(lessons, bool) if only is None else only
        words = self.postings.score(terms)
        lexical = np.where(allowed, words.lessons, 0)
        if query_vector is None or self.vectors is None:
            numbers = np.flatnonzero(lexical > 0)
            return self._hits(numbers, lexical[numbers], lexical, None, words.passages, None, limit)
        cosines = self.vectors.scores(query_vector)
        semantic = np.where(allowed, self._best_of_lesson(cosines), -np.inf).astype(np.float32)
        relevant = allowed & ((semantic >= _LEAST_COSINE) | (words.coverage >= _LEAST_COVERAGE))
        if not terms:
            numbers = np.flatnonzero(relevant)
            return self._hits(numbers, semantic[numbers], None, semantic, None, cosines, limit)
        numbers = fusion.candidates(lexical, semantic, limit)
        numbers = numbers[allowed[numbers]]
        worst = cosines.min(initial=0)  # of any passage: stands for those that a lesson has not
        scores = fusion.convex_combination(lexical[numbers], np.maximum(semantic[numbers], worst))
        keep = relevant[numbers]
        return self._hits(numbers[keep], scores[keep], lexical, semantic, words.passages, cosines, limit)

    def _best_of_lesson(self, scores: Floats) -> Floats:
        """Return the best passage's score for each lesson; -inf where it has none."""
        best = np.full(len(self.postings.passages_of), -np.inf, np.float32)
        np.maximum.at(best, self.postings.lesson_of, scores)
        return best

    def _hits(
        self,
        numbers: NDArray[np.intp],
        scores: Floats,
        lexical: Floats | None,
        semantic: Floats | None,
        lexical_passages: Floats | None,
        cosines: Floats | None,
        limit: int,
    ) -> list[Hit]:
        order = np.lexsort((numbers, -scores))[:limit]
        return [
            Hit(
                int(number),
                float(score),
                self._best_passages(int(number), lexical_passages, cosines),
                _standing(lexical, int(number), least=0.0),
                _standing(semantic, int(number), least=-np.inf),
            )
            for number, score in zip(numbers[order], scores[order], strict=True)
        ]

    def _best_passages(self, lesson: int, lexical: Floats | None, cosines: Floats | None) -> tuple[int, ...]:
        start = int(np.searchsorted(self.postings.lesson_of, lesson))
        numbers = np.arange(start, start + int(self.postings.passages_of[lesson]))
        shown = numbers[self.shown[numbers]]
        numbers = shown if len(shown) else numbers
        if not len(numbers):
            return ()
        scores = np.zeros(len(numbers), np.float32)
        if lexical is not None:
            scores += fusion.LEXICAL_WEIGHT * fusion.share_of_best(lexical[numbers])
        if cosines is not None:
            scores += (1 - fusion.LEXICAL_WEIGHT) * fusion.share_of_range(cosines[numbers])
        return tuple(int(number) for number in numbers[np.argsort(-scores, kind="stable")][:_PASSAGES_SHOWN])


def _standing(scores: Floats | None, lesson: int, *, least: float) -> Standing | None:
    """Return a lesson's rank in one leg, counted by score and then by number; None when the leg did not see it."""
    if scores is None or not scores[lesson] > least:
        return None
    score = scores[lesson]
    rank = np.count_nonzero(scores > score) + np.count_nonzero(scores[:lesson] == score) + 1
    return Standing(int(rank), float(score))
