"""The vectors of lessons while an index has only words: latent semantic analysis (Deerwester et al. 1990)."""

from __future__ import annotations

import numpy as np

from kb.topics.clustering import Vectors
from kb.topics.words import Vocabulary

_DIMENSIONS = 100
_FEW = 20
"""With fewer lessons nothing is gained by reducing the dimensions, and words of one lesson count too."""


def by_words(vocabulary: Vocabulary) -> Vectors:
    """Return a vector of length 1 for each lesson, zeros for one without words; shape (lessons, dimensions)."""
    from scipy.sparse import csr_array
    from scipy.sparse.linalg import svds

    lessons, terms = len(vocabulary), len(vocabulary.terms)
    if not terms:
        return np.zeros((lessons, 1), np.float32)
    ends = np.cumsum([0, *map(len, vocabulary.lessons)])
    columns = np.concatenate(vocabulary.lessons)
    having = np.bincount(columns, minlength=terms)
    weights = np.log((1 + lessons) / (1 + having[columns])) + (lessons < _FEW)
    weights[having[columns] < (2 if lessons >= _FEW else 1)] = 0
    matrix = csr_array((weights, columns, ends), shape=(lessons, terms))
    if lessons < _FEW:
        return _of_length_one(matrix.toarray())
    strongest = min(_DIMENSIONS, lessons - 1, terms - 1)
    left, strengths, _ = svds(_of_length_one_rows(matrix), k=strongest, v0=np.ones(min(matrix.shape)), solver="arpack")
    return _of_length_one(left * strengths)


def _of_length_one(rows: np.ndarray) -> Vectors:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(lengths > 1e-12, lengths, 1), np.float32)


def _of_length_one_rows(matrix: object) -> object:
    from scipy.sparse import diags_array
    from scipy.sparse.linalg import norm

    lengths = norm(matrix, axis=1)
    return diags_array(1 / np.where(lengths > 0, lengths, 1)) @ matrix
