"""Relevance: how sure it is that a lesson helps, in three levels; no lesson is hidden for a low level.

Fused scores are relative: the best of bad results has a high score, too. Absolute are how near a lesson's nearest
passage is in meaning, and how much of the query's information occurs together in one passage. The evidence of either
index is enough. The first case that holds decides:

| a lesson                                                                      | is           |
|-------------------------------------------------------------------------------|--------------|
| meets the filters, in a query of filters only                                 | answers      |
| has evidence from the upper threshold on                                      | answers      |
| has evidence from the lower threshold on                                      | may help     |
| has every informative word of a query, together in one passage                | may help     |
| has an identifier as it was typed (`ORA-00942`)                               | may help     |
| has a phrase or meets the filters asked for, and is near the lower threshold  | may help     |
| replaces a lesson that is one of these                                        | as that one  |
| is any other                                                                  | nearest      |

The relevance of an answer is that of its best lesson. Evidence depends on the mode; each mode has its own thresholds,
which a library's calibration sets within bounds (`search/ranking/calibration.py`).
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from search.ranking.calibration import Thresholds

    Floats = NDArray[np.float32]
    Mask = NDArray[np.bool_]
    Levels = NDArray[np.int8]

# The longer a query, the smaller the share of its words that a passage has by chance: one in twenty questions from
# elsewhere reaches .34 with 5 words, .21 with 11, .16 with 25.
_USUAL_TERMS = 6
_FEWEST_TERMS = 4
WORDS_EVIDENCE = 0.25
"""The evidence of words at full strength; the evidence of meaning is the cosine."""
# This many words of a query in one passage are no coincidence; of a shorter query all words must be found.
TERMS_FOR_FULL_WEIGHT = 8
_FULL_COVERAGE = 0.999
_LEAST_INFORMATION = 4.0
"""In nats, that of a name or another rare word; `time` and `plan` alone have less."""
_RESTRICTED_BONUS = 0.1
"""How far evidence may be below the lower threshold if the lesson meets filters or a phrase that were asked for."""


class Relevance(StrEnum):
    """How sure it is that a lesson, or the best lesson of an answer, helps."""

    ANSWERS = "answers"
    MAY_HELP = "may-help"
    NEAREST = "nearest"

    @property
    def is_relevant(self) -> bool:
        return self is not Relevance.NEAREST

    @property
    def label(self) -> str:
        """The level as shown to users."""
        return self.value.replace("-", " ")


LEVELS = (Relevance.NEAREST, Relevance.MAY_HELP, Relevance.ANSWERS)
"""Relevance by level, which is the index: see `levels`."""


class QueryCoverage(NamedTuple):
    """The information of a query's words, and how much of it the lessons have."""

    information: float
    """The information of the query, in nats."""
    terms: float
    """The number of different terms of the query; one with a weight below 1 counts as this weight."""
    best: float
    """The highest coverage of any lesson of the library, 0 to 1 (`search/lexical/coverage.py`)."""

    def strength(self, coverage: Floats) -> Floats:
        """Return the strength of the words, 0 to 1, for lessons with such coverage, adjusted to the query's length."""
        root = np.float32(np.sqrt(max(self.terms, _FEWEST_TERMS) / _USUAL_TERMS))
        return np.asarray(np.minimum(coverage * root, 1), np.float32)

    def weight(self) -> float:
        """Return how much the words count in the fusion, 0 to 1, for all lessons alike."""
        return min(self.best * max(self.terms, TERMS_FOR_FULL_WEIGHT) / TERMS_FOR_FULL_WEIGHT, 1.0)

    def covers_query(self, coverage: Floats) -> Mask:
        """Return whether lessons with such coverage have all of the query's information, if that is enough."""
        return np.asarray((coverage >= _FULL_COVERAGE) & (self.information >= _LEAST_INFORMATION), bool)


def evidence(cosines: Floats | None, strength: Floats | None) -> Floats:
    """Return the evidence from cosines on the default model's scale and the strength of words; None: not asked."""
    if cosines is None:
        assert strength is not None, "one index is asked"
        return strength
    near = evidence_of_meaning(cosines)
    return near if strength is None else near + evidence_of_words(strength)


def evidence_of_meaning(cosines: Floats) -> Floats:
    """Return what cosines on the default model's scale add to the evidence."""
    return np.asarray(np.maximum(cosines, 0), np.float32)


def evidence_of_words(strength: Floats) -> Floats:
    """Return what the strength of words adds to the evidence where meaning was asked too."""
    return np.asarray(WORDS_EVIDENCE * strength, np.float32)


def may_help_threshold(thresholds: Thresholds, *, restricted: bool) -> float:
    """Return the minimum evidence for the level may help; lower if filters or a phrase were asked for."""
    return thresholds.may_help - (_RESTRICTED_BONUS if restricted else 0)


def levels(found: Floats, covered: Mask, thresholds: Thresholds, *, restricted: bool) -> Levels:
    """Return the level of each lesson, an index into `LEVELS`; shape (lessons,).

    `found` is the evidence; `covered` says whether the words are enough, whatever the evidence.
    """
    may_help = (found >= may_help_threshold(thresholds, restricted=restricted)) | covered
    return np.where(found >= thresholds.answers, 2, may_help).astype(np.int8)
