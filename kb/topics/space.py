"""The vectors of lessons while an index has only words: latent semantic analysis (Deerwester et al. 1990)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kb.topics.clustering import Vectors
from kb.topics.words import Vocabulary

Floats = NDArray[np.float64]
Ints = NDArray[np.integer]

_DIMENSIONS = 100
_FEW = 20
"""With fewer lessons nothing is gained by reducing the dimensions."""


def by_words(vocabulary: Vocabulary) -> Vectors:
    """Return a vector of length 1 for each lesson, zeros for one without words; shape (lessons, dimensions)."""
    lessons, terms = len(vocabulary), len(vocabulary.terms)
    columns = np.concatenate([np.zeros(0, np.int32), *vocabulary.lessons])
    having = np.bincount(columns, minlength=terms)[columns]
    weights = 1 + np.log((1 + lessons) / (1 + having))
    rows = np.repeat(np.arange(lessons), [*map(len, vocabulary.lessons)])
    lengths = np.sqrt(np.bincount(rows, weights**2, minlength=lessons))
    weights /= lengths[rows]
    if lessons < _FEW or terms <= _DIMENSIONS:
        matrix = np.zeros((lessons, max(terms, 1)))
        matrix[rows, columns] = weights
        return np.asarray(matrix, np.float32)
    return _reduced(weights, rows, columns, (lessons, terms))


def _reduced(weights: Floats, rows: Ints, columns: Ints, shape: tuple[int, int]) -> Vectors:
    from scipy.sparse import csr_array
    from scipy.sparse.linalg import svds

    strongest = min(_DIMENSIONS, min(shape) - 1)
    left, strengths, _ = svds(csr_array((weights, (rows, columns)), shape), strongest, v0=np.ones(min(shape)))
    found = left * strengths
    lengths = np.linalg.norm(found, axis=1, keepdims=True)
    return np.asarray(found / np.where(lengths > 1e-12, lengths, 1), np.float32)
