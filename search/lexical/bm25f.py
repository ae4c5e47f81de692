"""The ranking function for words: BM25F, also over pairs of neighbouring terms.

Robertson, Zaragoza: The Probabilistic Relevance Framework: BM25 and Beyond (2009), section 3.5.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from search.analysis.lesson_terms import Field

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

WEIGHTS: Mapping[Field, float] = {
    Field.BODY: 1.0,
    Field.TITLE: 3.0,
    Field.HEADINGS: 1.0,
    Field.SUMMARY: 1.5,
    Field.ANSWERS: 1.5,
    Field.TAGS: 2.0,
    Field.OTHER: 0.5,
}
"""The weight of an occurrence by field; 1 in the body."""
B = 0.75
"""Length normalization, from 0 (none) to 1 (full)."""
K1 = 1.2
"""Saturation: the larger, the more the second and further occurrences of a term in a lesson add."""
K3 = 8.0
"""Saturation of occurrences in the query, so that no word of a page dominates the others.

nDCG@10 with both indexes on CISI, whose queries have 36 terms, and on bug reports of 20 to 3,000 words: unbounded .473
.704, 8: .467 .710, 2: .454 .712.
"""
PAIR_WEIGHT = 0.2
"""The weight of a pair of neighbouring terms, against 1 for a single term.

Mean nDCG@10 on eight collections by words alone and by both indexes: 0: .646 .689; .1: .653 .692; .2: .657 .693; .3:
.658 .692. Metzler, Croft: A Markov Random Field Model for Term Dependencies (2005).
"""
FIELDS_WITH_PAIRS = (Field.BODY, Field.TITLE, Field.SUMMARY, Field.ANSWERS)
"""In the other fields neighbouring terms are unrelated."""


def query_weight(times: float) -> float:
    """Return the weight of a term that occurs `times` times in the query; 1 for once, less for a fraction."""
    return (K3 + 1) * times / (K3 + times)


def idf(lessons_with_it: int, lessons: int) -> float:
    """Return the inverse document frequency of a term, never negative (as in Lucene)."""
    return float(np.log1p((lessons - lessons_with_it + 0.5) / (lessons_with_it + 0.5)))


def field_damping(field_lengths: Floats) -> Floats:
    """Return the length-normalized weight of an occurrence; lengths in words, both of shape (fields, lessons)."""
    weights = np.array([WEIGHTS[field] for field in Field])[:, None]
    return np.asarray(weights / _relative_length(field_lengths), np.float32)


def passage_damping(body_lengths: Floats) -> Floats:
    """Return K1 times the relative length of each passage; lengths in words, both of shape (passages,)."""
    return np.asarray(K1 * _relative_length(body_lengths[None, :])[0], np.float32)


def _relative_length(lengths: Floats) -> Floats:
    """Return the BM25 length norm: 1 at the mean of each row's lengths above zero; shape as given."""
    present = np.maximum((lengths > 0).sum(axis=1), 1)
    mean = lengths.sum(axis=1) / present
    return np.asarray(1 - B + B * lengths / np.where(mean > 0, mean, 1)[:, None], np.float32)
