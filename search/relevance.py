"""Whether a library has anything for a query at all.

Fused scores are relative: the best of a bad lot has a good one. What is absolute is how near a lesson's
nearest passage is in meaning, and which share of the query's information the lesson has.

Calibrated with the default model on six test collections (`benchmarks/unanswerable.py`). Of queries that
have an answer 4.6 % are lost, on no collection more than 9.0 %. Of queries that have none 77 % are recognised:
99 % of those meant for another library, and 56 % of those whose topic, an eighth of the library, was held
apart while its neighbours stayed. A threshold of 0.68 would recognise 72 % of the latter and lose 12 %.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

_OF_COVERAGE = 0.3
LEAST_OF_ANSWER = 0.62
"""Evidence that the best lesson has when it answers."""
LEAST_OF_HIT = 0.35
"""Evidence below which a lesson is not worth showing beside better ones."""
LEAST_COSINE = 0.48
"""Of the best lesson, where only the meaning is asked."""
LEAST_COVERAGE = 0.25
"""Of the best lesson, where only words are asked."""


def evidence(cosine: Floats, coverage: Floats) -> Floats:
    """Return for each lesson how much speaks for its answering the query; cosine and coverage by lesson."""
    return np.asarray(np.maximum(cosine, 0) + _OF_COVERAGE * coverage, np.float32)
