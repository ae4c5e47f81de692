"""What both indexes found for one query: the summands of the lessons' scores, and the evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from search.query.mode import Mode
from search.ranking import relevance
from search.ranking.aggregate import Summand, highest_sum
from search.ranking.calibration import Calibration, Scale
from search.ranking.fusion import Fusion
from search.ranking.relevance import QueryCoverage
from search.scores import Statistics

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from search.lexical.index import LexicalMatch
    from search.lexical.lexical_query import LexicalQuery
    from search.scores import Scores
    from search.semantic.index import VectorMatch

    Floats = NDArray[np.float32]
    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]


class Matches:
    """What each index found for a query; None for an index that was not asked. At least one was asked."""

    def __init__(
        self, query: LexicalQuery, words: LexicalMatch | None, meaning: VectorMatch | None, calibration: Calibration
    ) -> None:
        self.words = words
        self.meaning = meaning
        self._query = query
        self._scale = calibration.scale
        self._weight = calibration.lexical_weight
        self._coverage = None if words is None else _query_coverage(query, words)

    @property
    def weight(self) -> float:
        """How much the words count in the fusion, 0 to 1 (`relevance.QueryCoverage.weight`)."""
        return 0.0 if self._coverage is None else self._coverage.weight()

    @property
    def mode(self) -> Mode:
        if self.meaning is None:
            return Mode.LEXICAL
        return Mode.SEMANTIC if self.words is None else Mode.HYBRID

    def summands(self) -> dict[str, Summand]:
        """Return what each index adds to the scores of the lessons, by name; never empty."""
        if self.words is None or self._coverage is None:
            assert self.meaning is not None, "one index is asked"
            return {"meaning": Summand(self.meaning.scores, _finite)}
        if self.meaning is None:
            return {"words": Summand(self.words.scores, _as_they_are)}
        cosines = _scaled(self.meaning.scores.statistics, self._scale)
        fusion = Fusion(self.words.scores.statistics, cosines, self.weight, self._weight)
        words = Summand(self.words.scores, fusion.words)
        meaning = Summand(self.meaning.scores, lambda scores: fusion.meaning(self._scale.of(scores)))
        best = highest_sum([words, meaning])
        return {"words": _divided(words, best), "meaning": _divided(meaning, best)}

    def are_found(self, lessons: Ints) -> Mask:
        """Return for each given lesson whether any index found it, shape (lessons,)."""
        scores: list[Scores] = [match.scores for match in (self.words, self.meaning) if match is not None]
        return np.asarray(np.any([found.of(lessons) > found.unseen for found in scores], axis=0), bool)

    def evidence(self, lessons: Ints) -> Floats:
        """Return the evidence for each given lesson, shape (lessons,)."""
        cosines = None if self.meaning is None else self._scale.of(self.meaning.scores.of(lessons))
        if self.words is None or self._coverage is None:
            return relevance.evidence(cosines, None)
        return relevance.evidence(cosines, self._coverage.strength(self.words.coverage.of(lessons)))

    def covers_query(self, lessons: Ints) -> Mask:
        """Return for each given lesson whether it has all of the query's information, or one of its identifiers."""
        if self.words is None or self._coverage is None:
            return np.zeros(len(lessons), bool)
        return self._coverage.covers_query(self.words.coverage.of(lessons)) | self.words.identified(lessons)

    def most_evidence(self) -> dict[Mode, float]:
        """Return the highest evidence of any lesson, in each mode that the asked indexes allow."""
        summands: dict[Mode, list[Summand]] = {}
        if self.words is not None and self._coverage is not None:
            strength = self._coverage.strength
            summands[Mode.LEXICAL] = [Summand(self.words.coverage, strength)]
        if self.meaning is not None:
            near = Summand(self.meaning.scores, lambda scores: relevance.evidence_of_meaning(self._scale.of(scores)))
            summands[Mode.SEMANTIC] = [near]
            if self.words is not None and self._coverage is not None:
                words = Summand(self.words.coverage, lambda shares: relevance.evidence_of_words(strength(shares)))
                summands[Mode.HYBRID] = [near, words]
        return {mode: float(highest_sum(several)) for mode, several in summands.items()}


def _query_coverage(query: LexicalQuery, words: LexicalMatch) -> QueryCoverage:
    terms = sum(min(times, 1.0) for term, times in query.terms.items() if term not in query.stands_for)
    return QueryCoverage(words.information, terms, float(highest_sum([Summand(words.coverage, _as_they_are)])))


def _scaled(statistics: Statistics, scale: Scale) -> Statistics:
    """Return the statistics of cosines on the default model's scale."""
    lowest, highest, mean = scale.of(np.array(statistics[1:4], np.float32))
    return Statistics(statistics.lessons, lowest, highest, mean, np.float32(statistics.deviation / scale.unit))


def _divided(summand: Summand, best: np.float32) -> Summand:
    """Return a summand divided by the best score."""
    return Summand(summand.scores, lambda scores: summand.part(scores) / best) if best > 0 else summand


def _as_they_are(scores: Floats) -> Floats:
    return scores


def _finite(scores: Floats) -> Floats:
    """Return scores with 0 instead of -inf, for a lesson that is found only for the lesson that it replaces."""
    return np.where(np.isfinite(scores), scores, np.float32(0))
