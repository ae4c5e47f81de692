"""Whether a library has anything for a query at all.

Fused scores are relative: the best of a bad lot has a good one. What is absolute is how near a lesson's
nearest passage is in meaning, and which share of the query's information the lesson has.

Calibrated with the default model on six test collections (`benchmarks/unanswerable.py`): of the queries
that have an answer one in ten is lost; of those whose whole topic was held apart, two in three are
recognised, and of those that were meant for another library, all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

_OF_COVERAGE = 0.4
LEAST_OF_ANSWER = 0.7
"""Evidence that the best lesson has when it answers."""
LEAST_OF_HIT = 0.4
"""Evidence below which a lesson is not worth showing beside better ones."""
LEAST_COVERAGE = 0.25
"""Of the best lesson, where only words are asked."""


def evidence(cosine: Floats, coverage: Floats) -> Floats:
    """Return for each lesson how much speaks for its answering the query; cosine and coverage by lesson."""
    return np.asarray(np.maximum(cosine, 0) + _OF_COVERAGE * coverage, np.float32)
