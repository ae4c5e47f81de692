"""What speaks for and against a lesson whatever was asked: its state, its evidence, its reuse.

Bounded: each value is a small part of a score that goes to 1, enough to order what is nearly equal, never
enough to bury a method. Age is none of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Mask = NDArray[np.bool_]

STATUS: Mapping[str, float] = {"draft": -0.02, "superseded": -0.05, "retired": -0.05}
EVIDENCE: Mapping[str, float] = {"natural-field-experiment": 0.01, "pre-post": 0.006, "objectives-based": 0.003}
REUSE: Mapping[str, float] = {"helped": 0.004, "partly": 0.002, "did-not-help": -0.002}
_MOST_REUSE = 0.01
# A successor stands just above what it replaces; in parts of the best score, as all of these.
_ABOVE = 1e-4


@dataclass(frozen=True, slots=True)
class Priors:
    """What every lesson starts with, by reason; lessons by number."""

    count: int
    added: Mapping[str, Mapping[int, float]]
    """By reason, as a person reads it: what is added for which lesson, in parts of the best score."""
    successors: Sequence[tuple[int, int]] = ()
    """Pairs of a lesson and one that replaces it, as `succession` orders them."""

    @classmethod
    def none(cls, count: int) -> Priors:
        return cls(count, {})

    def of_lesson(self, lesson: int) -> dict[str, float]:
        """Return what is added for one lesson, by reason."""
        return {reason: values[lesson] for reason, values in self.added.items() if lesson in values}

    def sums(self) -> Floats:
        """Return what is added in all for each lesson."""
        sums = np.zeros(self.count, np.float32)
        for values in self.added.values():
            sums[list(values)] += np.fromiter(values.values(), np.float32, len(values))
        return sums

    def with_successors(self, lessons: Mask) -> Mask:
        """Mark what replaces any of some lessons too, and what replaces that."""
        marked = lessons.copy()
        for old, new in self.successors:
            marked[new] |= marked[old]
        return marked

    def lifted(self, scores: Floats, best: float) -> Floats:
        """Return what is added so that each successor is above what it replaces; scores of all lessons.

        The successor comes up rather than the other down: what was found was wanted, in its newer form.
        One that was not found, with a score of -inf, hands on how high its own successor stands.
        """
        lifted = scores.copy()
        for old, new in self.successors:
            if lifted[new] <= lifted[old]:
                lifted[new] = lifted[old] + _ABOVE * best
        return np.subtract(lifted, scores, out=np.zeros_like(scores), where=np.isfinite(scores))


def succession(pairs: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Order pairs of a lesson and one that replaces it from the oldest to the newest.

    A circle says of no lesson that it is newer, so its pairs are left out.
    """
    left = dict.fromkeys(sorted(pairs))
    while True:
        sorter: TopologicalSorter[int] = TopologicalSorter()
        for old, new in left:
            sorter.add(new, old)
        try:
            age = {lesson: place for place, lesson in enumerate(sorter.static_order())}
        except CycleError as error:
            for pair in pairwise(error.args[1]):
                del left[pair]
        else:
            return sorted(left, key=lambda pair: (age[pair[0]], pair[1]))


def reuse_of(outcomes: Iterable[str]) -> float:
    """Return what a lesson's reuse adds, bounded both ways."""
    total = sum(REUSE.get(outcome, 0.0) for outcome in outcomes)
    return max(-_MOST_REUSE, min(_MOST_REUSE, total))
