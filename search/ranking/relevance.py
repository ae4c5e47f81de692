"""How sure it is that a lesson helps, in three levels; nothing is hidden for want of it.

Fused scores are relative: the best of a bad lot has a good one. What is absolute is how near a lesson's nearest
passage is in meaning, and how much of the query's information stands together in one passage. The evidence of either
index is enough. The cases, the first that holds:

| a lesson                                                                      | is           |
|-------------------------------------------------------------------------------|--------------|
| meets the filters, and nothing else was asked                                 | answers      |
| has evidence from the upper threshold on                                      | answers      |
| has evidence from the lower threshold on                                      | may help     |
| has every informative word of a query, together in one passage                | may help     |
| has an identifier as it was typed (`ORA-00942`)                               | may help     |
| has a phrase or meets the filters that were asked for, and is not far off     | may help     |
| replaces a lesson that is one of these                                        | as that one  |
| is any other                                                                  | nearest      |

An answer is what the best of its lessons is. Evidence depends on the mode; each has its own thresholds, which a
library's calibration sets within bounds (`search/ranking/calibration.py`).
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

# A passage that has by chance words of a query has a smaller share of them the longer the query is: the share
# that one question in twenty from elsewhere reaches is .34 for 5 words, .21 for 11, .16 for 25.
_USUAL_TERMS = 6
_FEWEST_TERMS = 4
_OF_WORDS = 0.25
"""The evidence of words that are all found; that of meaning is the cosine."""
# This many words of a query in one passage are no coincidence; a shorter query has to be found whole.
_ENOUGH_TERMS = 8
_WHOLE = 0.999
_LEAST_INFORMATION = 4.0
"""In nats: a name or another rare word; `time` and `plan` alone tell less."""
_FAR_OFF = 0.1
"""By how much evidence may miss the lower threshold where filters or a phrase speak for a lesson."""


class Relevance(StrEnum):
    """How sure it is that a lesson, or the best lesson of an answer, helps."""

    ANSWERS = "answers"
    MAY_HELP = "may-help"
    NEAREST = "nearest"

    @property
    def is_relevant(self) -> bool:
        return self is not Relevance.NEAREST

    @property
    def said(self) -> str:
        """As people read it."""
        return self.value.replace("-", " ")


LEVELS = (Relevance.NEAREST, Relevance.MAY_HELP, Relevance.ANSWERS)
"""By level, as `levels` gives them."""


class Words(NamedTuple):
    """How much the words of a query say, and what the lessons have of it."""

    information: float
    """Of the query, in nats."""
    terms: float
    """How many different ones the query has; one that counts less is less than one."""
    best: float
    """The highest coverage of any lesson of the library, 0 to 1 (`search/lexical/coverage.py`)."""

    def strength(self, coverage: Floats) -> Floats:
        """Return how much the words speak for lessons with such coverage, 0 to 1, whatever the length of the query."""
        root = np.float32(np.sqrt(max(self.terms, _FEWEST_TERMS) / _USUAL_TERMS))
        return np.asarray(np.minimum(coverage * root, 1), np.float32)

    def weight(self) -> float:
        """Return how much the words count in a ranking by both indexes, 0 to 1, for all lessons alike."""
        return min(self.best * max(self.terms, _ENOUGH_TERMS) / _ENOUGH_TERMS, 1.0)

    def found_whole(self, coverage: Floats) -> Mask:
        """Return whether lessons with such coverage have all of the query's information, if it has some."""
        return np.asarray((coverage >= _WHOLE) & (self.information >= _LEAST_INFORMATION), bool)


def evidence(cosines: Floats | None, strength: Floats | None) -> Floats:
    """Return what speaks for lessons; `cosines` are on the default model's scale, None for what was not asked."""
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
    return np.asarray(_OF_WORDS * strength, np.float32)


def least_to_help(thresholds: Thresholds, *, restricted: bool) -> float:
    """Return from which evidence on a lesson may help; less where filters or a phrase were asked for."""
    return thresholds.may_help - (_FAR_OFF if restricted else 0)


def levels(found: Floats, whole: Mask, thresholds: Thresholds, *, restricted: bool) -> Levels:
    """Return for each lesson its level, the place in `LEVELS`.

    `found` is its evidence; `whole` says whether its words are enough, whatever the evidence.
    """
    may_help = (found >= least_to_help(thresholds, restricted=restricted)) | whole
    return np.where(found >= thresholds.answers, 2, may_help).astype(np.int8)
