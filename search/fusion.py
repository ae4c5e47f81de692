"""Two legs → one score. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from search.calibration import LEXICAL_WEIGHT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

# By how many standard deviations the nearest lesson stands out from its library where both legs do well.
_USUAL_SHARPNESS = 4.5
# Scores that differ by less are equal but for rounding.
_ALIKE = 1e-6


def convex_parts(
    lexical: Floats, semantic: Floats, strength: float = 1.0, weight: float = LEXICAL_WEIGHT
) -> tuple[Floats, Floats]:
    """Weigh what both legs say of every lesson of a library; the two parts add up to the score, the best has 1.

    `weight` is that of the words, 0 to 1, where some lesson has all of them; `strength` is how much of what they
    tell some lesson has, 0 to 1 (`relevance.Words`).

    Each leg counts in its own standard deviations, so that one whose first hits stand out from the
    library counts more than one to which all lessons look alike. Of two legs brought to 0..1 the one
    that tells nothing apart would speak as loudly as the other. Cosines of a library of near-alike
    lessons stand out least; so the semantic leg steps back further by the root of its sharpness. The
    first by words stands out from all that have no word of the query also where it has hardly one
    itself; so the words step back by the square of their strength. No words in common is an honest 0;
    `semantic` is -inf for a lesson without a passage.
    """
    words = np.float32(weight * strength**2) * lexical / _spread(lexical)
    meaning = np.float32(1 - weight) * _in_deviations(semantic)
    best = (words + meaning).max(initial=0)
    return (words / best, meaning / best) if best > 0 else (words, meaning)


def _in_deviations(semantic: Floats) -> Floats:
    """Return by how many deviations each lesson is nearer than the farthest, stepped back by sharpness."""
    seen = semantic[np.isfinite(semantic)]
    spread = float(seen.std()) if len(seen) else 0.0
    if spread <= _ALIKE:  # as in a library of one lesson: nothing is told apart, not even one without a passage
        return np.full(len(semantic), len(seen) > 0, np.float32)
    sharpness = (seen.max() - seen.mean()) / spread
    above = np.maximum(semantic, seen.min()) - seen.min()
    return np.asarray(above / spread * np.sqrt(sharpness / _USUAL_SHARPNESS), np.float32)


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
