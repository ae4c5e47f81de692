"""Divides lessons into topics by their vectors: Ward's method, then each lesson to the nearest centroid.

Ward's method (1963) is deterministic, places every lesson, and hardly changes with a few lessons; k-means from its
centroids (Lloyd 1982; cosine) mends what merging early has put into the wrong topic. docs/map.md has the comparison
with other methods. scipy's implementation is the one behind scikit-learn's, and takes two seconds less to import.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, sqrt

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Ints = NDArray[np.int64]

MOST_COMPARED = 3000
"""Ward's method needs memory and time with the square of the lessons; of more, these many are divided by it."""
_ROUNDS = 20
_COPIES = 400
MOST_SUBJECTS = 12
"""So many lines a person reads at once; with more topics, these are put together as subjects."""
_TOPICS_IN_SUBJECT = 4


def topics_for(lessons: int) -> int:
    """Return how many topics suit a number of lessons: its root, so 3 for 12, 16 for 242 and 46 for 2,102."""
    return max(round(sqrt(lessons)), min(lessons, 1))


def subjects_for(topics: int) -> int:
    """Return how many subjects suit a number of topics; 0 if a person can read the topics at once."""
    return 0 if topics <= MOST_SUBJECTS else min(MOST_SUBJECTS, ceil(topics / _TOPICS_IN_SUBJECT))


def divide(vectors: Vectors, count: int, order: Sequence[int]) -> Ints:
    """Return for each unit vector its cluster, 0 to at most `count` - 1; shape (vectors,).

    There are fewer clusters if fewer vectors differ. `order`: if there are more than `MOST_COMPARED`, the first in this
    order are divided by Ward's method.
    """
    if not len(vectors):
        return np.zeros(0, np.int64)
    if len(vectors) <= MOST_COMPARED:
        return _settled(vectors, ward(vectors, count))
    sample = vectors[order[:MOST_COMPARED]]
    return _settled(vectors, nearest(vectors, centroids(sample, ward(sample, count))))


def put_together(centres: Vectors, sizes: Ints, count: int) -> Ints:
    """Return for each centroid of a cluster with some size its group, 0 to at most `count` - 1."""
    copies = np.maximum(np.round(sizes * _COPIES / sizes.sum()), 1).astype(np.int64)  # weights for Ward's method
    first = np.cumsum(copies) - copies
    return np.asarray(ward(np.repeat(centres, copies, axis=0), count)[first], np.int64)


def ward(vectors: Vectors, count: int) -> Ints:
    """Divide vectors by Ward's method alone."""
    most = min(count, different(np.round(vectors, 6)))
    if most < 2:
        return np.zeros(len(vectors), np.int64)
    from scipy.cluster.hierarchy import fcluster, linkage  # takes longer to import than all else that a map needs

    found = fcluster(linkage(vectors, "ward"), most, "maxclust")
    return numbered(np.asarray(found, np.int64))


def _settled(vectors: Vectors, clusters: Ints) -> Ints:
    """Move each vector to its nearest centroid, until none moves."""
    for _ in range(_ROUNDS):
        moved = numbered(nearest(vectors, centroids(vectors, clusters)))
        if (moved == clusters).all():
            break
        clusters = moved
    return clusters


def numbered(clusters: Ints) -> Ints:
    """Return clusters numbered without gaps, from 0."""
    return np.asarray(np.unique(clusters, return_inverse=True)[1], np.int64)


def values_in(numbers: Ints) -> list[int]:
    """Return the different numbers, ascending; without numpy's masked arrays, which `np.unique` imports."""
    return sorted({*numbers.tolist()})


def different(rows: NDArray[np.floating]) -> int:
    """Return how many rows differ."""
    return len({row.tobytes() for row in rows})


def centroids(vectors: Vectors, clusters: Ints) -> Vectors:
    """Return the mean of each cluster, of length 1, zeros for an empty one; shape (highest cluster + 1, dimension)."""
    sums = np.zeros((int(clusters.max(initial=-1)) + 1, vectors.shape[1]), np.float32)
    np.add.at(sums, clusters, vectors)
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    return np.asarray(sums / np.where(lengths > 0, lengths, 1), np.float32)


def nearest(vectors: Vectors, centres: Vectors) -> Ints:
    """Return the centre with the highest cosine for each vector."""
    return np.asarray((vectors @ centres.T).argmax(axis=1), np.int64)


def cohesion(vectors: Vectors, clusters: Ints) -> float:
    """Return the mean cosine of vectors with the centroid of their cluster."""
    own = centroids(vectors, clusters)[clusters]
    return float((vectors * own).sum(axis=1).mean()) if len(vectors) else 1.0
