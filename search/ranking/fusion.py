"""The scores of both indexes → one score. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from search.ranking.calibration import LEXICAL_WEIGHT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from search.scores import Statistics

    Floats = NDArray[np.float32]

# By how many standard deviations the nearest lesson stands out from its library where both legs do well.
USUAL_SHARPNESS = 4.5
# The standard deviation of the cosines of a query with the lessons of a library; from .08 to .13 in nine collections.
USUAL_SPREAD = 0.115
# Scores that differ by less are equal but for rounding.
_ALIKE = 1e-6


class Fusion(NamedTuple):
    """A convex combination: what either index's score adds to a lesson's score, before the best is brought to 1.

    `weight` is that of the words, 0 to 1; `found`, 0 to 1, is how much they count because some lesson has them
    (`relevance.Words.weight`). Both statistics are those of the whole library; the cosines are on the default model's
    scale, -inf for a lesson without a passage.

    Neither index's scores are brought to 0..1: the one that distinguishes nothing would count as much as the other.
    Words count in standard deviations of their scores. The first by words stands out from all that have no word of the
    query also where it has hardly one itself; therefore `found`. Without a word in common it is 0. Cosines count by how
    far they lie above the lowest, times the sharpness: in a library of near-alike lessons they differ little and no
    lesson stands out, and the words decide.
    """

    lexical: Statistics
    semantic: Statistics
    found: float = 1.0
    weight: float = LEXICAL_WEIGHT

    def words(self, scores: Floats) -> Floats:
        """Return what scores by words add; never less for a higher score."""
        return np.asarray(np.float32(self.weight * self.found) * scores / _spread(self.lexical), np.float32)

    def meaning(self, cosines: Floats) -> Floats:
        """Return what cosines add; never less for a higher cosine."""
        return np.asarray(np.float32(1 - self.weight) * self._sharpened(cosines), np.float32)

    def _sharpened(self, cosines: Floats) -> Floats:
        """Return by how much each is above the lowest of the library, times the sharpness, against what is usual."""
        lessons, lowest, highest, mean, deviation = self.semantic
        spread = float(deviation)
        if spread <= _ALIKE:  # as in a library of one lesson: no lesson stands out, not even one without a passage
            return np.full(len(cosines), lessons > 0, np.float32)
        sharpness = (highest - mean) / spread
        above = np.maximum(cosines, lowest) - lowest
        # Half way between deviations, to which near-alike lessons are as far apart as any, and the cosines themselves.
        return np.asarray(above / np.sqrt(spread * USUAL_SPREAD) * (sharpness / USUAL_SHARPNESS), np.float32)


def _spread(lexical: Statistics) -> float:
    """Return the standard deviation; where all are equal there is none, and the best serves."""
    spread = float(lexical.deviation)
    return spread if spread > _ALIKE else max(float(lexical.highest), 0.0) or 1.0


def share_of_best(scores: Floats) -> Floats:
    """Return scores divided by the highest, shape as given; zeros where that is none."""
    best = scores.max(initial=0)
    return scores / best if best > 0 else np.zeros_like(scores)


def share_of_range(scores: Floats) -> Floats:
    """Return scores brought to 0 to 1, shape as given; ones where all are equal."""
    if not len(scores):
        return scores
    low, high = scores.min(), scores.max()
    return (scores - low) / (high - low) if high > low else np.ones_like(scores)
