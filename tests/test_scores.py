"""The contract of scores: best first, statistics of the whole library, places in the order, in arrays and in lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.scores import ArrayScores, Scores, Statistics
from tests.plain_index import PlainScores

# Steps, so that scores are equal or differ, not almost.
VALUES = st.lists(st.integers(0, 9).map(float), max_size=20)


def in_array(values: Sequence[float], unseen: float) -> Scores:
    return ArrayScores(np.array(values, np.float32), unseen)


def in_list(values: Sequence[float], unseen: float) -> Scores:
    return PlainScores(dict(enumerate(values)), unseen, values)


def assert_alike(one: Scores, other: Scores, count: int) -> None:
    """Say that two give lessons the same scores, as nearly as numbers of 32 bits go, and so the same order."""
    every = np.arange(count)
    assert one.of(every) == pytest.approx(other.of(every), rel=1e-4, abs=1e-6)
    assert tuple(one.statistics) == pytest.approx(tuple(other.statistics), rel=1e-3, abs=1e-6)
    assert one.unseen == other.unseen
    best = one.best(count)
    assert sorted(best.tolist()) == sorted(other.best(count).tolist())
    assert other.of(best) == pytest.approx(np.sort(other.of(best))[::-1], rel=1e-4)


@given(VALUES, st.sampled_from([0.0, -np.inf]), st.integers(0, 25), st.data())
def test_arrays_and_lists_have_the_same_order(
    values: list[float], unseen: float, count: int, data: st.DataObject
) -> None:
    numbers = sorted(data.draw(st.sets(st.sampled_from(range(len(values)))))) if values else []
    for one, other in (
        (in_array(values, unseen), in_list(values, unseen)),
        (in_array(values, unseen).among(np.array(numbers, int)), in_list(values, unseen).among(np.array(numbers, int))),
    ):
        assert one.best(count).tolist() == other.best(count).tolist()
        assert [one.rank_of(lesson) for lesson in range(len(values))] == [
            other.rank_of(lesson) for lesson in range(len(values))
        ]
        assert tuple(one.statistics) == pytest.approx(tuple(other.statistics)), "of the whole library"


@pytest.mark.parametrize("make", [in_array, in_list])
def test_the_best_come_first_and_of_equals_the_first_by_number(make: Callable[..., Scores]) -> None:
    found = make([2, 5, 0, 5, 1], 0.0)
    assert found.best(2).tolist() == [1, 3]
    assert found.best(9).tolist() == [1, 3, 0, 4], "what is not found is not among them"
    assert [found.rank_of(lesson) for lesson in range(5)] == [3, 1, None, 2, 4]
    only = found.among(np.array([0, 2, 3]))
    assert only.best(9).tolist() == [3, 0]
    assert [only.rank_of(lesson) for lesson in range(5)] == [2, None, None, 1, None]
    assert only.of(np.array([1, 2])).tolist() == [5, 0], "a score is a lesson's, ranked or not"
    assert tuple(only.statistics) == pytest.approx((5, 0, 5, 2.6, 2.0591), abs=1e-4)


def test_no_scores_have_no_statistics() -> None:
    assert tuple(Statistics.of(np.zeros(0, np.float32))) == (0, 0, 0, 0, 0)
