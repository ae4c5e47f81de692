"""Fusion: two legs of very different scores become one order."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from search.fusion import LEXICAL_WEIGHT, candidates, convex_parts, share_of_best, share_of_range

Floats = NDArray[np.float32]

LEAST = 200  # so many of each leg are candidates at least


def floats(*values: float) -> Floats:
    return np.array(values, np.float32)


def convex_combination(lexical: Floats, semantic: Floats) -> Floats:
    return np.asarray(np.sum(convex_parts(lexical, semantic), axis=0), np.float32)


LEGS = st.integers(1, 30).flatmap(
    lambda count: st.tuples(
        st.lists(st.floats(0, 1e4, width=32), min_size=count, max_size=count),
        st.lists(st.floats(-1, 1, width=32), min_size=count, max_size=count),
    )
)


def test_the_sum_of_the_two_legs_is_as_worked_by_hand() -> None:
    # Words ÷ best: 1, .5, 0. Cosines between worst and best: 0, 1, .5.
    fused = convex_combination(floats(8, 4, 0), floats(0.2, 0.8, 0.5))
    words, meaning = LEXICAL_WEIGHT, 1 - LEXICAL_WEIGHT
    assert fused == pytest.approx([words, 0.5 * words + meaning, 0.5 * meaning])


def test_each_leg_has_its_own_weight_and_scale() -> None:
    assert 0 < LEXICAL_WEIGHT < 0.5, "the semantic leg counts more"
    assert convex_combination(floats(3, 0), floats(0, 0.1)) == pytest.approx([LEXICAL_WEIGHT, 1 - LEXICAL_WEIGHT])
    assert convex_combination(floats(0, 3), floats(0.1, 0)) == pytest.approx([1 - LEXICAL_WEIGHT, LEXICAL_WEIGHT])


def test_words_are_measured_from_zero_and_cosines_from_the_worst() -> None:
    assert share_of_best(floats(5, 4, 0)) == pytest.approx([1, 0.8, 0])
    assert share_of_range(floats(0.5, 0.4, -0.5)) == pytest.approx([1, 0.9, 0])


def test_a_leg_that_tells_nothing_apart_leaves_the_order_to_the_other() -> None:
    cosines = floats(0.3, -0.2, 0.9, 0.5)
    words = floats(2, 9, 0, 4)
    by_cosine, by_words = [2, 3, 0, 1], [1, 3, 0, 2]
    for same in (floats(0, 0, 0, 0), floats(7, 7, 7, 7)):
        assert np.argsort(-convex_combination(same, cosines)).tolist() == by_cosine
        assert np.argsort(-convex_combination(words, same)).tolist() == by_words


def test_a_single_candidate_has_the_best_of_each_leg_that_saw_it() -> None:
    assert convex_combination(floats(0.01), floats(-0.4)) == pytest.approx([1])
    assert convex_combination(floats(0), floats(0.4)) == pytest.approx([1 - LEXICAL_WEIGHT])


def test_equal_scores_stay_equal() -> None:
    assert convex_combination(floats(2, 2, 2), floats(0.5, 0.5, 0.5)) == pytest.approx([1, 1, 1])
    assert convex_combination(floats(0, 0), floats(0, 0)) == pytest.approx([1 - LEXICAL_WEIGHT] * 2)
    tied = convex_combination(floats(3, 1, 3, 0), floats(0.2, 0.9, 0.2, 0))
    assert tied[0] == tied[2]


def test_nothing_fused_is_nothing() -> None:
    assert convex_combination(floats(), floats()).tolist() == []
    assert candidates(floats(), floats(), 5).tolist() == []


@settings(max_examples=100, deadline=None)
@given(LEGS)
def test_fused_scores_are_numbers_from_zero_to_one(legs: tuple[list[float], list[float]]) -> None:
    fused = convex_combination(floats(*legs[0]), floats(*legs[1]))
    assert np.all(np.isfinite(fused))
    assert np.all((fused >= 0) & (fused <= 1 + 1e-6))


@settings(max_examples=100, deadline=None)
@given(LEGS, st.randoms(use_true_random=False))
def test_a_score_does_not_depend_on_where_its_candidate_stands(
    legs: tuple[list[float], list[float]], random: Random
) -> None:
    lexical, semantic = floats(*legs[0]), floats(*legs[1])
    order = list(range(len(lexical)))
    random.shuffle(order)
    shuffled = convex_combination(lexical[order], semantic[order])
    assert shuffled.tolist() == convex_combination(lexical, semantic)[order].tolist()


@settings(max_examples=100, deadline=None)
@given(LEGS)
def test_who_is_ahead_in_both_legs_is_ahead_in_the_sum(legs: tuple[list[float], list[float]]) -> None:
    fused = convex_combination(floats(*legs[0]), floats(*legs[1]))
    pairs = list(zip(*legs, strict=True))
    for position, (words, cosine) in enumerate(pairs):
        for other, (other_words, other_cosine) in enumerate(pairs):
            if words >= other_words and cosine >= other_cosine:
                assert fused[position] >= fused[other] - 1e-6


def test_a_small_knowledge_base_has_all_lessons_as_candidates() -> None:
    assert candidates(floats(0, 3, 0), floats(0.1, -0.2, 0.3), 1).tolist() == [0, 1, 2]


def test_the_best_of_either_leg_are_candidates_by_number() -> None:
    lessons = np.arange(1000, dtype=np.float32)
    lexical = np.where(lessons >= 700, lessons, 0).astype(np.float32)  # best: 800 to 999
    semantic = (-lessons / 1000).astype(np.float32)  # best: 0 to 199
    assert candidates(lexical, semantic, 5).tolist() == [*range(LEAST), *range(1000 - LEAST, 1000)]
    assert candidates(lexical, semantic, 300).tolist() == [*range(300), *range(700, 1000)]


def test_a_lesson_without_the_words_is_no_candidate_of_the_lexical_leg() -> None:
    lexical = np.zeros(1000, np.float32)
    lexical[[990, 991]] = 1
    semantic = -np.arange(1000, dtype=np.float32)
    assert candidates(lexical, semantic, 5).tolist() == [*range(LEAST), 990, 991]


def test_of_equally_good_candidates_the_first_are_taken() -> None:
    same = np.ones(1000, np.float32)
    assert candidates(same, same, 5).tolist() == list(range(LEAST))
    lexical = np.where(np.arange(1000) >= 500, 2, 1).astype(np.float32)
    assert candidates(lexical, same, 5).tolist() == [*range(LEAST), *range(500, 500 + LEAST)]
