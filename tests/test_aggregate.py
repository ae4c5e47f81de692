"""The best sums of two lists of scores are found without looking at all of both."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from search.ranking.aggregate import Summand, candidates, highest_sum, union
from search.scores import ArrayScores

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
NONE = np.zeros(0, np.int64)


class Counting(ArrayScores):
    """Scores that know how many of them were asked for in their order."""

    depth = 0

    def best(self, count: int) -> Ints:
        found = super().best(count)
        self.depth = max(self.depth, len(found))
        return found


def scores(values: Sequence[float] | NDArray[np.float64], unseen: float = 0.0) -> Counting:
    return Counting(np.array(values, np.float32), unseen)


def doubled(values: Floats) -> Floats:
    return np.asarray(2 * values, np.float32)


def best_of(summands: Sequence[Summand], added: Floats, count: int, always: Ints = NONE) -> list[int]:
    """Return the lessons with the highest totals, through the candidates."""

    def total(lessons: Ints) -> Floats:
        return np.asarray(sum(summand.of(lessons) for summand in summands) + added[lessons], np.float32)

    most = float(added.max(initial=0))
    found = candidates(summands, count, always=always, total=total, most_added=most)
    return [int(lesson) for lesson in found[np.lexsort((found, -total(found)))][:count]]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 300), st.integers(1, 20), st.booleans())
def test_the_best_are_those_that_looking_at_all_finds(seed: int, lessons: int, count: int, has_ties: bool) -> None:
    dice = np.random.default_rng(seed)
    one, other = np.round(dice.random((2, lessons)), 1 if has_ties else 6)
    one *= dice.random(lessons) < 0.5  # half of the lessons have no word of the query
    added = np.asarray(dice.choice([-0.05, 0, 0.01], lessons), np.float32)
    summands = [Summand(scores(one), doubled), Summand(scores(other, -np.inf), doubled)]
    sums = summands[0].of(np.arange(lessons)) + summands[1].of(np.arange(lessons))
    total = sums + added
    expected = np.lexsort((np.arange(lessons), -total))[:count].tolist()
    assert best_of(summands, added, count) == expected
    assert highest_sum(summands) == sums.max()


def test_no_more_is_looked_at_than_is_needed() -> None:
    steep = np.arange(10_000, 0, -1) ** 2 / 1e8
    summands = [Summand(scores(steep), doubled), Summand(scores(steep), doubled)]
    assert best_of(summands, np.zeros(10_000, np.float32), 5) == [0, 1, 2, 3, 4]
    assert [summand.scores.depth for summand in summands if isinstance(summand.scores, Counting)] == [37, 37]


def test_where_nothing_decides_everything_is_looked_at() -> None:
    one, other = np.arange(1, 1001) / 1000, np.arange(1000, 0, -1) / 1000
    summands = [Summand(scores(one), doubled), Summand(scores(other), doubled)]
    added = np.zeros(1000, np.float32)
    added[500] = 0.01
    assert best_of(summands, added, 2)[0] == 500


def test_some_are_always_among_them() -> None:
    summands = [Summand(scores([3, 2, 0]), doubled)]
    total = summands[0].of
    assert candidates(summands, 1, always=np.array([2]), total=total).tolist() == [0, 1, 2]


def test_nothing_found_has_no_sum() -> None:
    assert highest_sum([Summand(scores([]), doubled)]) == 0
    assert highest_sum([Summand(scores([-1.0], -np.inf), doubled)]) == 0


@pytest.mark.parametrize("lists", [[[]], [[3, 1], [2, 3]], [[5], [], [5, 0]]])
def test_a_union_has_each_number_once_in_order(lists: list[list[int]]) -> None:
    expected = sorted({number for numbers in lists for number in numbers})
    assert union([np.array(numbers, np.int64) for numbers in lists]).tolist() == expected
