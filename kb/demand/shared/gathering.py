"""Puts together what is near in words and in meaning."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from kb.demand.shared.sketch import BITS, unit_vector

if TYPE_CHECKING:
    from numpy.typing import NDArray

_OF_WORDS = 0.4
"""What words count of the square of a length, against the meaning (benchmarks/organisation.py)."""
Feature = int | str


class Point(NamedTuple):
    """One entry, or the sum of several: words and lessons by weight, and bits of meaning."""

    features: Mapping[Feature, float]
    meaning: NDArray[np.float32]
    """Shape (BITS,); zeros if it is not known."""

    @property
    def length(self) -> float:
        return math.hypot(*self.features.values(), float(np.linalg.norm(self.meaning))) or 1.0


def point_of(weights: Mapping[Feature, float], sketch: str) -> Point:
    """Return an entry as a point of length 1, or less if it has only words or only a meaning."""
    length = math.hypot(*weights.values()) or 1.0
    features = {feature: math.sqrt(_OF_WORDS) * weight / length for feature, weight in weights.items()}
    return Point(features, math.sqrt(1 - _OF_WORDS) * unit_vector(sketch))


def middle_of(points: Sequence[Point]) -> Point:
    """Return the sum of points, in the direction of their middle."""
    features: defaultdict[Feature, float] = defaultdict(float)
    for point in points:
        for feature, weight in point.features.items():
            features[feature] += weight
    return Point(features, np.sum([point.meaning for point in points], axis=0))


def gathered(points: Sequence[Point], least: float) -> list[list[int]]:
    """Put each point, in order, into the group with the nearest middle, or begin a group with it; return their places.

    `least`: of the cosine to the middle.
    """
    groups: list[list[int]] = []
    middles = _Middles(len(points))
    for place, point in enumerate(points):
        cosines = middles.cosines(point)
        best = int(cosines.argmax()) if len(cosines) else -1
        if best < 0 or cosines[best] < least:
            best = len(groups)
            groups.append([])
        groups[best].append(place)
        middles.add(best, point)
    return groups


class _Middles:
    """The sums of the points of each group."""

    def __init__(self, most: int) -> None:
        self._count = 0
        self._features: list[dict[Feature, float]] = []
        self._having: defaultdict[Feature, list[int]] = defaultdict(list)
        self._meanings = np.zeros((most, BITS), np.float32)
        self._lengths = np.ones(most, np.float32)

    def cosines(self, point: Point) -> NDArray[np.float32]:
        """Return the cosine of a point to the middle of each group."""
        products: NDArray[np.float32] = self._meanings[: self._count] @ point.meaning
        for feature, weight in point.features.items():
            for group in self._having[feature]:
                products[group] += weight * self._features[group][feature]
        return products / (self._lengths[: self._count] * np.float32(point.length))

    def add(self, group: int, point: Point) -> None:
        """Add a point to a group, or to a new one, which is the next."""
        if group == self._count:
            self._features.append({})
            self._count += 1
        own = self._features[group]
        for feature, weight in point.features.items():
            if feature not in own:
                own[feature] = 0.0
                self._having[feature].append(group)
            own[feature] += weight
        self._meanings[group] += point.meaning
        self._lengths[group] = Point(own, self._meanings[group]).length
