"""Carries topics from one map to the next: who knows the map finds every lesson where it was.

Unchanged lessons stay, new ones go to the nearest topic, edited ones only if it is clearly nearer, and a library that
has grown gets topics by dividing the loosest. Only if a map made anew would be clearly better is it taken, and its
topics get the numbers of those with which they have most lessons in common (Hungarian method, Kuhn 1955).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from kb.topics.clustering import Ints, Vectors, centroids, cohesion, divide, numbered, topics_for, values_in, ward

TOLERANCE = 0.02
"""A map made anew is taken if the mean cosine of a lesson with its topic's centroid is higher by more than this.

From day to day it stays below .005 over 300 nights in which 1 % of NASA's lessons change (benchmarks/map.py).
"""
CLEARLY_NEARER = 0.1
"""An edited lesson goes to another topic if its cosine with that centroid is higher by more than this."""
_MOST_TOO_MANY = 1.5
"""A map with so many times the topics that suit the library is made anew: many lessons have been removed."""
_LEAST_DIVIDED = 4


class How(StrEnum):
    """How a map was made."""

    FIRST = "first"
    KEPT = "kept"
    ANEW = "anew"


class Partition(NamedTuple):
    """The topics of lessons."""

    topics: Ints
    """The number of each lesson's topic, from 1; shape (lessons,)."""
    how: How


def partition(vectors: Vectors, before: Ints, edited: Ints, order: Sequence[int]) -> Partition:
    """Return the topics of lessons.

    `before` are those of the previous map, 0 for a new or edited lesson; `edited` those of lessons with the same ids, 0
    for a new one. `order` is as for `divide`.
    """
    count = topics_for(len(vectors))
    if not before.any():
        return Partition(by_size(divide(vectors, count, order)) if len(vectors) else before, How.FIRST)
    topics = _grown(vectors, _placed(vectors, before, edited), count)
    if (before > 0).all() and (topics == before).all():
        return Partition(topics, How.KEPT)
    anew = divide(vectors, count, order)
    too_many = len(values_in(topics)) > _MOST_TOO_MANY * count + 1
    if too_many or cohesion(vectors, anew) - cohesion(vectors, numbered(topics)) > TOLERANCE:
        return Partition(matched(anew, before), How.ANEW)
    return Partition(topics, How.KEPT)


def by_size(clusters: Ints) -> Ints:
    """Number clusters from 1, the largest first."""
    sizes = np.bincount(clusters)
    rank = np.empty_like(sizes)
    rank[np.argsort(-sizes, kind="stable")] = np.arange(1, len(sizes) + 1)
    return np.asarray(rank[clusters], np.int64)


def _placed(vectors: Vectors, before: Ints, edited: Ints) -> Ints:
    """Return the topics of before; a new lesson is in the nearest, an edited one only if that is clearly nearer."""
    known, new = np.flatnonzero(before), np.flatnonzero(before == 0)
    names, clusters = np.unique(before[known], return_inverse=True)
    near = vectors[new] @ centroids(vectors[known], clusters).T
    near += CLEARLY_NEARER * (names[None, :] == edited[new][:, None])
    topics = before.copy()
    topics[new] = names[near.argmax(axis=1)]
    return topics


def _grown(vectors: Vectors, topics: Ints, count: int) -> Ints:
    """Divide the loosest topics until there are as many as suit the library; the larger part keeps its number."""
    topics = topics.copy()
    while len(names := values_in(topics)) < count:
        loosest = max(names, key=lambda name: _looseness(vectors[topics == name]))
        own = np.flatnonzero(topics == loosest)
        parts = ward(vectors[own], 2) if len(own) >= _LEAST_DIVIDED else np.zeros(len(own), np.int64)
        if not parts.any():
            break
        smaller = parts == np.bincount(parts).argmin()
        topics[own[smaller]] = _free(names)
    return topics


def _looseness(vectors: Vectors) -> float:
    return len(vectors) * (1 - cohesion(vectors, np.zeros(len(vectors), np.int64)))


def matched(clusters: Ints, before: Ints) -> Ints:
    """Return clusters under the numbers of before, so that most members keep theirs; 0 there means none."""
    from scipy.optimize import linear_sum_assignment

    names = values_in(before[before > 0])
    overlap = np.array(
        [[np.sum((clusters == one) & (before == name)) for name in names] for one in values_in(clusters)]
    )
    of_cluster = {
        int(one): names[name] for one, name in zip(*linear_sum_assignment(-overlap), strict=True) if overlap[one, name]
    }
    for one in range(len(overlap)):
        if one not in of_cluster:
            of_cluster[one] = _free(of_cluster.values())
    return np.array([of_cluster[one] for one in clusters.tolist()], np.int64)


def _free(taken: Iterable[int]) -> int:
    """Return the smallest number from 1 that is not taken."""
    used = set(taken)
    return next(number for number in range(1, len(used) + 2) if number not in used)
