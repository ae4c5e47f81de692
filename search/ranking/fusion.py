"""Fuses the scores of both indexes into one score, without side effects."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from search.ranking.calibration import LEXICAL_WEIGHT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from search.scores import Statistics

    Floats = NDArray[np.float32]

# How many standard deviations the nearest lesson is above the mean of its library where both indexes do well.
USUAL_SHARPNESS = 4.5
# The standard deviation of the cosines of a query with the lessons of a library; from .08 to .13 in nine collections.
USUAL_SPREAD = 0.115
# Scores that differ by less are equal, apart from rounding.
_ALIKE = 1e-6


class Fusion(NamedTuple):
    """A convex combination: what each index's score adds to a lesson's score, before the best is scaled to 1.

    `weight` is the weight of words, 0 to 1; `found`, 0 to 1, reduces it where no lesson has many of the query's words
    (`relevance.QueryCoverage.weight`). Both statistics are those of the whole library; the cosines are on the default
    model's scale, -inf for a lesson without a passage.

    Scores are not normalized to 0..1: an index that distinguishes nothing would count as much as the other. Scores by
    words count in standard deviations. The best lesson by words stands out from all lessons without a word of the
    query, even if it has hardly one itself; therefore `found`, which is 0 if no lesson has a word. Cosines count by
    their distance from the lowest, times the sharpness: in a library of very similar lessons cosines differ little, no
    lesson stands out, and the words decide.
    """

    lexical: Statistics
    semantic: Statistics
    found: float = 1.0
    weight: float = LEXICAL_WEIGHT

    def words(self, scores: Floats) -> Floats:
        """Return what scores by words add; non-decreasing in the score."""
        return np.asarray(np.float32(self.weight * self.found) * scores / _spread(self.lexical), np.float32)

    def meaning(self, cosines: Floats) -> Floats:
        """Return what cosines add; non-decreasing in the cosine."""
        return np.asarray(np.float32(1 - self.weight) * self._sharpened(cosines), np.float32)

    def _sharpened(self, cosines: Floats) -> Floats:
        """Return each cosine's distance from the library's lowest, times the sharpness, against what is usual."""
        lessons, lowest, highest, mean, deviation = self.semantic
        spread = float(deviation)
        if spread <= _ALIKE:  # as in a library of one lesson: no lesson stands out, not even one without a passage
            return np.full(len(cosines), lessons > 0, np.float32)
        sharpness = (highest - mean) / spread
        above = np.maximum(cosines, lowest) - lowest
        # Divided by the geometric mean of two standard deviations: by the library's alone, very similar lessons would
        # be as far apart as any; by the usual one alone, the plain cosines would count.
        return np.asarray(above / np.sqrt(spread * USUAL_SPREAD) * (sharpness / USUAL_SHARPNESS), np.float32)


def _spread(lexical: Statistics) -> float:
    """Return the standard deviation of the scores; if all are equal, the highest score, or 1 if that is 0."""
    spread = float(lexical.deviation)
    return spread if spread > _ALIKE else max(float(lexical.highest), 0.0) or 1.0


def share_of_best(scores: Floats) -> Floats:
    """Return scores divided by the highest, shape as given; zeros if that is not positive."""
    best = scores.max(initial=0)
    return scores / best if best > 0 else np.zeros_like(scores)


def share_of_range(scores: Floats) -> Floats:
    """Return scores scaled to 0 to 1 (min-max), shape as given; ones if all are equal."""
    if not len(scores):
        return scores
    low, high = scores.min(), scores.max()
    return (scores - low) / (high - low) if high > low else np.ones_like(scores)
