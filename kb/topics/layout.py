"""Places topics and lessons on a plane: similar topics near each other, and what was there stays where it was.

Topics are placed by the two principal components of their centroids (Hotelling 1933), which are turned onto the places
of the last map (Procrustes, Schoenemann 1966), and pushed apart until no two overlap. The lessons of a topic stand
around its middle on a spiral in which all have the same room (Vogel 1979). The unit of length is a lesson's diameter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from math import cos, pi, sin, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kb.topics.clustering import Vectors, different

Floats = NDArray[np.float64]

_GOLDEN_ANGLE = pi * (3 - sqrt(5))
_SPACING = 0.62
"""With this, neighbours on the spiral are at least one diameter apart."""
_MARGIN = 1.5
_WIDE = 1.4
_SPREAD = 0.45
_ROUNDS = 400
_FARTHEST_OUT = 10
"""In sides of the square that the topics would fill; a map that kb drew has all within 2."""
_TO_SUBJECT = 0.4
"""By this share of the way topics are moved to the middle of their subject."""


class Point(NamedTuple):
    """A place on the map."""

    x: float
    y: float


def on_spiral(place: int) -> Point:
    """Return where in a topic a lesson is, relative to the middle; `place` counts from 0."""
    radius, angle = _SPACING * sqrt(place + 0.5), place * _GOLDEN_ANGLE
    return Point(radius * cos(angle), radius * sin(angle))


def radius_of(places: Iterable[int]) -> float:
    """Return the radius of a topic with lessons in these places."""
    return _SPACING * sqrt(max(places, default=0) + 1) + 0.5


def places_of(before: Sequence[int | None]) -> list[int]:
    """Return a place for each lesson of a topic: that of before, or the innermost free one; no place twice."""
    taken: set[int] = set()
    kept: list[int | None] = []
    for place in before:
        kept.append(None if place is None or place in taken or place >= 2 * len(before) + 8 else place)
        taken.update([] if kept[-1] is None else [kept[-1]])
    free = (place for place in count() if place not in taken)
    return [next(free) if place is None else place for place in kept]


def arranged(
    centres: Vectors, radii: Sequence[float], groups: Sequence[int], before: Mapping[int, Point]
) -> list[Point]:
    """Return the middle of each topic; no two overlap.

    `centres` has one centroid for each topic, `groups` their subjects, and `before` the middles on the last map by
    position in these lists; they are not used if one is so far out that nothing else could be seen.
    """
    if not len(centres):
        return []
    sizes = np.array(radii, np.float64) + _MARGIN / 2
    farthest = _FARTHEST_OUT * sqrt(float((sizes**2).sum()))
    if any(max(abs(point.x), abs(point.y)) > farthest for point in before.values()):
        before = {}
    start = _turned(_gathered(_components(centres) * _scale(sizes), groups), before)
    for topic, point in before.items():
        start[topic] = point
    return [Point(round(float(x), 3), round(float(y), 3)) for x, y in _apart(start, sizes)]


def _components(centres: Vectors) -> Floats:
    """Return the first two principal components, each with a standard deviation of 1 or less; shape (topics, 2)."""
    middle = np.asarray(centres - centres.mean(axis=0), np.float64)
    left, strengths, _ = np.linalg.svd(middle, full_matrices=False)
    found = np.zeros((len(centres), 2))
    kept = left[:, :2] * strengths[:2]
    found[:, : kept.shape[1]] = kept * np.sign(kept[np.abs(kept).argmax(axis=0), np.arange(kept.shape[1])])
    spread = found.std(axis=0).max()
    return found / spread if spread > 0 else found


def _scale(sizes: Floats) -> Floats:
    """Return how far apart topics begin, across and down."""
    side = sqrt(float((sizes**2).sum()))
    return np.array([side * _WIDE, side / _WIDE]) * _SPREAD


def _gathered(points: Floats, groups: Sequence[int]) -> Floats:
    """Move each topic towards the middle of its subject."""
    moved = points.copy()
    for group in {*groups} - {0}:
        own = np.array(groups) == group
        moved[own] += _TO_SUBJECT * (points[own].mean(axis=0) - points[own])
    return moved


def _turned(points: Floats, before: Mapping[int, Point]) -> Floats:
    """Turn, mirror and shift points so that those that were on the last map come nearest to their places there."""
    known = [*before]
    if len(known) < 2:
        return points.copy()
    old, new = np.array([before[topic] for topic in known]), points[known]
    left, _, right = np.linalg.svd((new - new.mean(axis=0)).T @ (old - old.mean(axis=0)))
    return np.asarray((points - new.mean(axis=0)) @ (left @ right) + old.mean(axis=0), np.float64)


def _apart(points: Floats, sizes: Floats) -> Floats:
    """Push overlapping circles apart until none overlap."""
    points = points.copy()
    if different(points) < len(points):  # from one point nothing can be pushed in different directions
        points += 1e-3 * np.array([on_spiral(place) for place in range(len(points))])
    least = sizes[:, None] + sizes[None, :]
    np.fill_diagonal(least, 0)
    for _ in range(_ROUNDS):
        apart = points[:, None] - points[None, :]
        distance = np.maximum(np.linalg.norm(apart, axis=2), 1e-9)
        overlap = np.maximum(least - distance, 0)
        if overlap.max() < 0.01 * _MARGIN:
            break
        points = points + (apart / distance[..., None] * (overlap * 0.3)[..., None]).sum(axis=1)
    return points
