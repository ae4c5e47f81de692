"""The two indexes of a folder, opened for queries."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from search.errors import DamagedIndex
from search.lexical.postings import PASSAGES_OF
from search.passage_numbers import PassageNumbers
from search.storage.arrays import map_array

if TYPE_CHECKING:
    from search.lexical.index import LexicalIndex
    from search.models.encoder import Vectors
    from search.semantic.index import VectorIndex

WORDS = "postings"
VECTORS = "vectors"


def open_lexical(folder: Path) -> LexicalIndex:
    """Open the index by words; raises `DamagedIndex`."""
    from search.lexical.array_index import ArrayIndex  # imported here: writing an index does not need it

    return ArrayIndex.read(folder / WORDS)


def open_vectors(folder: Path, dimension: int) -> VectorIndex:
    """Open the index by meaning of a model with this dimension; raises `DamagedIndex`."""
    from search.semantic.flat_vectors import FlatVectors  # imports faiss

    numbers = passage_numbers(folder)
    vectors = FlatVectors.read(folder / VECTORS, numbers)
    if len(vectors) != len(numbers.lesson_of) or vectors.dimension != dimension:
        raise DamagedIndex(f"{folder}: vectors and passages do not match")
    return vectors


def first_vector(folder: Path) -> Vectors:
    """Return the vector of the first passage, shape (dimension,); raises `DamagedIndex`."""
    from search.semantic.vector_file import map_vectors

    vectors = map_vectors(folder / VECTORS)
    return np.asarray(vectors[0], np.float32)


def lesson_vectors(folder: Path) -> Vectors:
    """Return the mean of the vectors of each lesson's passages, scaled to length 1; shape (lessons, dimension).

    A lesson without passages has zeros. No model is loaded. Raises `DamagedIndex`.
    """
    from search.semantic.vector_file import map_vectors

    rows, numbers = map_vectors(folder / VECTORS), passage_numbers(folder)
    if len(rows) != len(numbers.lesson_of):
        raise DamagedIndex(f"{folder}: vectors and passages do not match")
    sums = np.zeros((len(numbers.counts), rows.shape[1]), np.float32)
    with_passages = np.flatnonzero(numbers.counts)
    if len(with_passages):
        sums[with_passages] = np.add.reduceat(rows, numbers.first[with_passages], axis=0)
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    return np.asarray(sums / np.where(lengths > 0, lengths, 1), np.float32)


def passage_numbers(folder: Path) -> PassageNumbers:
    """Return how many passages each lesson has; raises `DamagedIndex`."""
    counts = map_array(folder / WORDS / f"{PASSAGES_OF}.npy", np.int32)
    if int(counts.min(initial=0)) < 0:
        raise DamagedIndex(f"{folder}: a lesson has a negative number of passages")
    return PassageNumbers(counts)
