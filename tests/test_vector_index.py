"""The contract of an index by meaning: the one that kb has is held against the plain one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from search.passage_numbers import PassageNumbers
from search.semantic.flat_vectors import FlatVectors
from search.semantic.index import VectorIndex
from tests.plain_index import PlainVectors
from tests.test_scores import assert_alike

Vectors = NDArray[np.float32]
Lessons = Sequence[Vectors]
"""The vectors of the passages of each lesson, shape (passages, dimension)."""
Make = Callable[[Lessons, int], VectorIndex]

DIMENSION = 5


def flat(lessons: Lessons, dimension: int = DIMENSION) -> FlatVectors:
    counts = np.array([len(vectors) for vectors in lessons], np.int32)
    return FlatVectors(np.concatenate([np.zeros((0, dimension), np.float32), *lessons]), PassageNumbers(counts))


def plain(lessons: Lessons, dimension: int = DIMENSION) -> PlainVectors:
    return PlainVectors([vectors.tolist() for vectors in lessons], dimension)


@pytest.fixture(params=[flat, plain], ids=["flat", "plain"])
def make(request: pytest.FixtureRequest) -> Make:
    made: Make = request.param
    return made


def rows(*vectors: Sequence[float]) -> Vectors:
    return np.array(vectors, np.float32)


def scores(index: VectorIndex, query: Vectors, lessons: int) -> list[float]:
    return [float(score) for score in index.match(query).scores.of(np.arange(lessons))]


@st.composite
def libraries(draw: st.DrawFn) -> list[Vectors]:
    dice = np.random.default_rng(draw(st.integers(0, 2**32)))
    counts = draw(st.lists(st.integers(0, 4), max_size=7))
    return [dice.normal(size=(count, DIMENSION)).astype(np.float32) for count in counts]


QUERIES = st.tuples(st.integers(0, 2**32), st.integers(1, 3)).map(
    lambda drawn: np.random.default_rng(drawn[0]).normal(size=(drawn[1], DIMENSION)).astype(np.float32)
)


@settings(deadline=None)
@given(libraries(), st.lists(QUERIES, min_size=1, max_size=3), st.data())
def test_both_find_the_same(lessons: list[Vectors], queries: list[Vectors], data: st.DataObject) -> None:
    count = sum(map(len, lessons))
    allowed = np.array(sorted(data.draw(st.sets(st.sampled_from(range(count))))) if count else [], np.int64)
    ours, theirs = flat(lessons), plain(lessons)
    for query in queries:
        for passages in (None, allowed):
            mine, other = ours.match(query, passages), theirs.match(query, passages)
            assert_alike(mine.scores, other.scores, len(lessons))
            for lesson in range(len(lessons)):
                assert mine.of_passages(lesson) == pytest.approx(other.of_passages(lesson), rel=1e-4, abs=1e-5)
    together = zip(ours.match_all(queries), queries, strict=True)
    assert all(one.scores.of(np.arange(len(lessons))).tolist() == scores(ours, q, len(lessons)) for one, q in together)


@settings(max_examples=60, deadline=None)
@given(libraries().filter(bool), st.data())
def test_both_find_the_same_lessons_close(lessons: list[Vectors], data: st.DataObject) -> None:
    lesson = data.draw(st.integers(0, len(lessons) - 1))
    assert_alike(flat(lessons).closest(lesson), plain(lessons).closest(lesson), len(lessons))


@settings(max_examples=60, deadline=None)
@given(libraries(), st.floats(0.1, 3))
def test_all_close_pairs_are_those_that_each_lesson_is_asked_for(lessons: list[Vectors], least: float) -> None:
    ours, theirs = (
        {(one, other): near for one, other, near in make(lessons).close_pairs(least)} for make in (flat, plain)
    )
    exact = {pair for pair, near in theirs.items() if near > least + 1e-3}
    assert exact <= ours.keys()
    assert all(near == pytest.approx(theirs.get(pair, least), abs=1e-3) for pair, near in ours.items())


def test_close_pairs_are_found_beyond_a_block_of_passages() -> None:
    dice = np.random.default_rng(0)
    lessons = [dice.normal(size=(count % 5, DIMENSION)).astype(np.float32) for count in range(300)]
    ours, theirs = ({(one, other) for one, other, _ in make(lessons).close_pairs(9)} for make in (flat, plain))
    assert ours == theirs
    assert ours


def test_a_lesson_has_the_score_of_its_nearest_passage(make: Make) -> None:
    index = make([rows([1, 0], [0.6, 0.8]), rows([0, 1]), rows([-1, 0])], 2)
    assert scores(index, rows([1, 0]), 3) == pytest.approx([1, 0, -1])
    assert scores(index, rows([0.6, 0.8]), 3) == pytest.approx([1, 0.8, -0.6])
    assert tuple(index.match(rows([1, 0])).scores.statistics) == pytest.approx((3, -1, 1, 0, 0.8165), abs=1e-4)


def test_a_passage_counts_for_the_vector_of_the_query_that_it_is_nearest_to(make: Make) -> None:
    index = make([rows([1, 0]), rows([0, 1])], 2)
    assert scores(index, rows([1, 0], [0, 1]), 2) == pytest.approx([1, 1])


def test_passages_that_are_left_out_count_for_nothing(make: Make) -> None:
    found = make([rows([1, 0], [0, 1]), rows([1, 0])], 2).match(rows([1, 0]), np.array([1]))
    assert found.scores.of(np.array([0, 1])).tolist() == [0, -np.inf]
    assert found.of_passages(0).tolist() == [-np.inf, 0]
    assert found.scores.statistics.lessons == 1
    assert found.scores.best(9).tolist() == [0]


def test_a_lesson_without_passages_is_not_found(make: Make) -> None:
    found = make([np.zeros((0, 2), np.float32), rows([3, 4])], 2).match(rows([2, 1]))
    assert found.scores.best(9).tolist() == [1]
    assert found.scores.of(np.array([0, 1])).tolist() == [-np.inf, 10], "lengths are those of the vectors"


@pytest.mark.parametrize("length", [1, 4, 6, 10])
def test_a_query_of_another_dimension_is_refused(make: Make, length: int) -> None:
    with pytest.raises(ValueError, match=r"reshape|vectors of"):
        make([np.ones((3, DIMENSION), np.float32)], DIMENSION).match(np.ones((1, length), np.float32))


def test_each_passage_counts_by_the_nearest_of_the_other_lesson(make: Make) -> None:
    ours = rows([1, 0, 0], [0, 0, 1])
    index = make([ours, rows([0, 1, 0], [0.6, 0.8, 0], [0.8, 0.6, 0])], 3)
    assert index.closest(0).of(np.array([0, 1])) == pytest.approx([1, 0.4])


def test_a_short_lesson_is_close_to_a_long_one_that_says_the_same_and_more(make: Make) -> None:
    index = make([rows([1, 0, 0]), np.eye(3, dtype=np.float32)], 3)
    assert index.closest(0).of(np.array([1])) == pytest.approx([1])
    assert index.closest(1).of(np.array([0])) == pytest.approx([1 / 3], abs=1e-3)


@pytest.mark.parametrize("lesson", [0, 1, 2])
def test_a_lesson_without_passages_is_close_to_none(make: Make, lesson: int) -> None:
    none = np.zeros((0, 2), np.float32)
    assert make([none, rows([1, 0]), none], 2).closest(lesson).of(np.arange(3)).tolist() == [0, float(lesson == 1), 0]
