"""Query-independent additions to lessons' scores: for status, design of the evidence, and reuse.

They are small parts of a score between 0 and 1: enough to order nearly equal lessons, never enough to hide a relevant
one. Age is not one of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Ints = NDArray[np.int64]
    Levels = NDArray[np.int8]
    Mask = NDArray[np.bool_]

STATUS: Mapping[str, float] = {"draft": -0.02, "superseded": -0.05, "retired": -0.05}
REUSE: Mapping[str, float] = {"helped": 0.004, "partly": 0.002, "did-not-help": -0.002}
_MOST_REUSE = 0.01
# A successor is raised to this much above the lesson that it replaces; in parts of the best score, as all of these.
ABOVE = 1e-4


@dataclass(frozen=True)
class Priors:
    """Query-independent additions to lessons' scores; lessons are given by number."""

    count: int
    added: Mapping[str, Mapping[int, float]]
    """Reason, as shown to users → lesson → what is added, in parts of the best score."""
    successors: Sequence[tuple[int, int]] = ()
    """Pairs (lesson, lesson that replaces it), in the order of `succession`."""

    @classmethod
    def none(cls, count: int) -> Priors:
        return cls(count, {})

    @classmethod
    def of_facts(
        cls,
        count: int,
        *,
        statuses: Mapping[int, Collection[str]],
        evidence: Mapping[int, float],
        outcomes: Mapping[int, Mapping[str, int]],
        replaced: Iterable[tuple[int, int]],
    ) -> Priors:
        """Return the priors of lessons, from what is said of each.

        `statuses`, what their `evidence` adds and how often their reuse had each of `outcomes` are by lesson;
        other values count nothing.
        `replaced` has pairs (lesson, lesson that replaces it).
        """
        counted = {lesson: value for lesson, value in evidence.items() if value}
        reuse = {lesson: value for lesson, said in outcomes.items() if (value := reuse_of(said))}
        return cls(count, {**_by_status(statuses), "evidence": counted, "reuse": reuse}, succession(replaced))

    @cached_property
    def in_succession(self) -> Ints:
        """The numbers of the lessons that replace one or are replaced, ascending."""
        return np.array(sorted({lesson for pair in self.successors for lesson in pair}), np.int64)

    @cached_property
    def most_added(self) -> float:
        """The most that is added for any lesson, at least 0; in parts of the best score."""
        return float(self._sums.max(initial=0))

    @cached_property
    def _sums(self) -> Floats:
        sums = np.zeros(self.count, np.float32)
        for values in self.added.values():
            sums[list(values)] += np.fromiter(values.values(), np.float32, len(values))
        return sums

    def of_lesson(self, lesson: int) -> dict[str, float]:
        """Return what is added for one lesson, by reason."""
        return {reason: values[lesson] for reason, values in self.added.items() if lesson in values}

    def of(self, lessons: Ints) -> Floats:
        """Return the sum of what is added for each given lesson, shape (lessons,)."""
        return self._sums[lessons]

    def with_successors(self, lessons: Ints, marked: Mask) -> Mask:
        """Return the marks with all direct and indirect successors of marked lessons marked, too.

        `lessons` is ascending and includes `in_succession`; so in the methods below.
        """
        marked = marked.copy()
        for old, new in self._places(lessons):
            marked[new] |= marked[old]
        return marked

    def raised(self, lessons: Ints, levels: Levels, found: Mask) -> Levels:
        """Return the levels with each found successor raised at least to the level of the lesson that it replaces."""
        levels = levels.copy()
        for old, new in self._places(lessons):
            if found[new]:
                levels[new] = max(levels[new], levels[old])
        return levels

    def lifts(self, lessons: Ints, scores: Floats, best: float) -> Floats:
        """Return what must be added to the scores for each successor to be above what it replaces; `best` is the best.

        The successor is raised rather than the predecessor lowered: the user wanted what was found, in its newer form.
        A lesson that was not found, with a score of -inf, still passes its predecessor's score on to its own successor.
        """
        lifted = scores.copy()
        for old, new in self._places(lessons):
            if lifted[new] <= lifted[old]:
                lifted[new] = lifted[old] + ABOVE * best
        return np.subtract(lifted, scores, out=np.zeros_like(scores), where=np.isfinite(scores))

    def _places(self, lessons: Ints) -> list[tuple[int, int]]:
        """Return the pairs of `successors` as indices into `lessons`."""
        if not self.successors:
            return []
        places = np.searchsorted(lessons, np.array(self.successors, np.int64))
        return [(old, new) for old, new in places.tolist()]


def _by_status(statuses: Mapping[int, Collection[str]]) -> dict[str, dict[int, float]]:
    """Return what is added to each lesson's score under the name of its status; of several the lowest counts."""
    added: dict[str, dict[int, float]] = {}
    for lesson, said in statuses.items():
        if known := STATUS.keys() & said:
            status = min(known, key=lambda name: (STATUS[name], name))
            added.setdefault(status, {})[lesson] = STATUS[status]
    return added


def succession(pairs: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return pairs (lesson, lesson that replaces it), sorted from the oldest to the newest.

    In a cycle no lesson is newer than another, so its pairs are left out.
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


def reuse_of(outcomes: Mapping[str, int]) -> float:
    """Return what a lesson's reuse adds to its score, from -`_MOST_REUSE` to `_MOST_REUSE`.

    `outcomes` has how often it had each.
    """
    total = sum(REUSE.get(outcome, 0.0) * times for outcome, times in outcomes.items())
    return max(-_MOST_REUSE, min(_MOST_REUSE, total))
