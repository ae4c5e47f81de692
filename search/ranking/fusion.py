"""Two legs → one score. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from search.ranking.calibration import LEXICAL_WEIGHT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

# By how many standard deviations the nearest lesson stands out from its library where both legs do well.
_USUAL_SHARPNESS = 4.5
# The standard deviation of the cosines of a query with the lessons of a library; from .08 to .13 in nine collections.
_USUAL_SPREAD = 0.115
# Scores that differ by less are equal but for rounding.
_ALIKE = 1e-6


def convex_parts(
    lexical: Floats, semantic: Floats, found: float = 1.0, weight: float = LEXICAL_WEIGHT
) -> tuple[Floats, Floats]:
    """Weigh what both legs say of every lesson of a library; the two parts add up to the score, the best has 1.

    `weight` is that of the words, 0 to 1; `found`, 0 to 1, is how much they count because some lesson has them
    (`relevance.Words.weight`). `semantic` has cosines on the default model's scale, -inf for a lesson without a
    passage.

    Neither leg is brought to 0..1: the one that tells nothing apart would speak as loudly as the other. Words count
    in standard deviations of their scores. The first by words stands out from all that have no word of the query
    also where it has hardly one itself; therefore `found`. No words in common is an honest 0. Cosines count by how far
    they lie above the lowest, times the sharpness: in a library of near-alike lessons they differ little and no
    lesson stands out, and the words decide.
    """
    words = np.float32(weight * found) * lexical / _spread(lexical)
    meaning = np.float32(1 - weight) * _sharpened(semantic)
    best = (words + meaning).max(initial=0)
    return (words / best, meaning / best) if best > 0 else (words, meaning)


def _sharpened(semantic: Floats) -> Floats:
    """Return by how much each lesson is nearer than the farthest, times the sharpness, against what is usual."""
    seen = semantic[np.isfinite(semantic)]
    spread = float(seen.std()) if len(seen) else 0.0
    if spread <= _ALIKE:  # as in a library of one lesson: nothing is told apart, not even one without a passage
        return np.full(len(semantic), len(seen) > 0, np.float32)
    sharpness = (seen.max() - seen.mean()) / spread
    above = np.maximum(semantic, seen.min()) - seen.min()
    # Half way between deviations, to which near-alike lessons are as far apart as any, and the cosines themselves.
    return np.asarray(above / np.sqrt(spread * _USUAL_SPREAD) * (sharpness / _USUAL_SHARPNESS), np.float32)


def _spread(scores: Floats) -> float:
    """Return the standard deviation; where all are equal there is none, and the best serves."""
    spread = float(scores.std()) if len(scores) else 0.0
    return spread if spread > _ALIKE else float(scores.max(initial=0)) or 1.0


def share_of_best(scores: Floats) -> Floats:
    best = scores.max(initial=0)
    return scores / best if best > 0 else np.zeros_like(scores)


def share_of_range(scores: Floats) -> Floats:
    if not len(scores):
        return scores
    low, high = scores.min(), scores.max()
    return (scores - low) / (high - low) if high > low else np.ones_like(scores)
