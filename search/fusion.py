"""Two rankings → one. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

# Measured, nDCG@10 on SciFact, Cranfield and the post-mortems (`kb eval --collection`):
# 0.3: .739 .421 .951; 0.4: .749 .423 .950; 0.5: .743 .417 .951.
LEXICAL_WEIGHT = 0.4
# Lessons below this rank in both legs do not come first in the sum.
_MIN_CANDIDATES = 200


def candidates(lexical: Floats, semantic: Floats, count: int) -> NDArray[np.intp]:
    """Return the numbers of the lessons that are among the best of either leg, ascending."""
    count = max(count, _MIN_CANDIDATES)
    best_lexical = _best(lexical, count)
    return np.union1d(best_lexical[lexical[best_lexical] > 0], _best(semantic, count))


def convex_parts(lexical: Floats, semantic: Floats) -> tuple[Floats, Floats]:
    """Weigh the scores of the candidates: each leg is brought to 0..1, and the two parts add up to the score.

    Words are divided by the best (no match is an honest 0); cosines, which have no zero of their own,
    are scaled between the worst and the best candidate. Bruch, Gai, Ingber: An Analysis of Fusion
    Functions for Hybrid Retrieval (2023).
    """
    return LEXICAL_WEIGHT * share_of_best(lexical), (1 - LEXICAL_WEIGHT) * share_of_range(semantic)


def share_of_best(scores: Floats) -> Floats:
    best = scores.max(initial=0)
    return scores / best if best > 0 else np.zeros_like(scores)


def share_of_range(scores: Floats) -> Floats:
    if not len(scores):
        return scores
    low, high = scores.min(), scores.max()
    return (scores - low) / (high - low) if high > low else np.ones_like(scores)


def _best(scores: Floats, count: int) -> NDArray[np.intp]:
    return np.argsort(-scores, kind="stable")[:count]  # of equals the first, always
