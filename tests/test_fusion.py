"""Fusion: two legs of very different scores become one order."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from statistics import fmean, pstdev

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from search.ranking.calibration import LEXICAL_WEIGHT
from search.ranking.fusion import USUAL_SHARPNESS, USUAL_SPREAD, Fusion, share_of_best, share_of_range
from search.scores import Statistics
from tests.examples import examples

Floats = NDArray[np.float32]
NONE = -np.inf
"""The cosine of a lesson without a passage."""


def floats(*values: float) -> Floats:
    return np.array(values, np.float32)


def parts_of(lexical: Floats, semantic: Floats, found: float = 1.0) -> tuple[Floats, Floats]:
    """Return what both indexes add for every lesson, the best sum brought to 1."""
    seen = semantic[np.isfinite(semantic)]
    fusion = Fusion(Statistics.of(lexical), Statistics.of(seen), found)
    words, meaning = fusion.words(lexical), fusion.meaning(semantic)
    best = (words + meaning).max(initial=0)
    return (words / best, meaning / best) if best > 0 else (words, meaning)


def fused(lexical: Floats, semantic: Floats) -> Floats:
    words, meaning = parts_of(lexical, semantic)
    return np.asarray(words + meaning, np.float32)


def order(lexical: Floats, semantic: Floats) -> list[int]:
    return [int(number) for number in np.argsort(-fused(lexical, semantic), kind="stable")]


# Steps of a hundredth, so that scores differ or are equal, not almost.
STEPS = st.integers(0, 3000).map(lambda step: step / 100)
COSINES = st.one_of(st.integers(-100, 100).map(lambda step: step / 100), st.just(NONE))
LEGS = st.integers(1, 30).flatmap(
    lambda count: st.tuples(
        st.lists(st.one_of(st.just(0.0), STEPS), min_size=count, max_size=count),
        st.lists(COSINES, min_size=count, max_size=count),
    )
)
Legs = tuple[list[float], list[float]]


def deviation(values: Sequence[float]) -> float:
    return (pstdev(values) if len(set(values)) > 1 else max(values)) or 1.0


def by_formula(lexical: Sequence[float], semantic: Sequence[float], found: float) -> tuple[list[float], list[float]]:
    words = [LEXICAL_WEIGHT * found * score / deviation(lexical) for score in lexical]
    seen = [cosine for cosine in semantic if cosine != NONE]
    meaning = [(1 - LEXICAL_WEIGHT) * bool(seen) for _ in semantic]
    if len(set(seen)) > 1:
        sharpness = (max(seen) - fmean(seen)) / pstdev(seen)
        above = [max(cosine, min(seen)) - min(seen) for cosine in semantic]
        meaning = [
            (1 - LEXICAL_WEIGHT) * height / (pstdev(seen) * USUAL_SPREAD) ** 0.5 * sharpness / USUAL_SHARPNESS
            for height in above
        ]
    best = max(map(sum, zip(words, meaning, strict=True))) or 1.0
    return [part / best for part in words], [part / best for part in meaning]


@settings(max_examples=examples(200), deadline=None)
@given(LEGS, st.floats(0.01, 1))
def test_the_parts_are_those_of_the_formula(legs: Legs, found: float) -> None:
    words, meaning = parts_of(floats(*legs[0]), floats(*legs[1]), found)
    expected_words, expected_meaning = by_formula(*legs, found)
    assert words == pytest.approx(expected_words, abs=1e-3)
    assert meaning == pytest.approx(expected_meaning, abs=1e-3)


def test_the_parts_are_as_worked_by_hand() -> None:
    # Words 6, 0, 0, 0: deviation 2.598, so 2.309. Cosines .8, .4, .2, .2, as far above the worst .6, .2, 0, 0:
    # deviation .2449. The nearest is .4 above the mean .4: sharpness 1.633.
    words, meaning = parts_of(floats(6, 0, 0, 0), floats(0.8, 0.4, 0.2, 0.2))
    lexical = LEXICAL_WEIGHT * 2.3094
    sharpness = (1 - LEXICAL_WEIGHT) * 1.63299 / USUAL_SHARPNESS
    unit = (0.24495 * USUAL_SPREAD) ** 0.5
    best = lexical + sharpness * 0.6 / unit
    assert words == pytest.approx([lexical / best, 0, 0, 0], abs=1e-4)
    expected = [sharpness * height / unit / best for height in (0.6, 0.2, 0, 0)]
    assert meaning == pytest.approx(expected, abs=1e-4)


@settings(deadline=None)
@given(LEGS)
def test_fused_scores_go_from_zero_to_one_and_the_best_has_it(legs: Legs) -> None:
    words, meaning = parts_of(floats(*legs[0]), floats(*legs[1]))
    assert words.dtype == meaning.dtype == np.float32
    assert np.all(words >= 0)
    assert np.all(meaning >= 0)
    seen = any(legs[0]) or bool(set(legs[1]) - {NONE})
    assert (words + meaning).max() == pytest.approx(1 if seen else 0, abs=1e-5)


@settings(deadline=None)
@given(LEGS, st.randoms(use_true_random=False))
def test_a_score_does_not_depend_on_where_its_lesson_stands(legs: Legs, random: Random) -> None:
    lexical, semantic = floats(*legs[0]), floats(*legs[1])
    shuffled = list(range(len(lexical)))
    random.shuffle(shuffled)
    assert fused(lexical[shuffled], semantic[shuffled]) == pytest.approx(fused(lexical, semantic)[shuffled], abs=1e-5)


@settings(deadline=None)
@given(LEGS)
def test_who_is_ahead_in_both_legs_is_ahead_in_the_sum(legs: Legs) -> None:
    scores = fused(floats(*legs[0]), floats(*legs[1]))
    pairs = list(zip(*legs, strict=True))
    for position, (words, cosine) in enumerate(pairs):
        for other, (other_words, other_cosine) in enumerate(pairs):
            if words >= other_words and cosine >= other_cosine:
                assert scores[position] >= scores[other] - 1e-6


@settings(max_examples=50, deadline=None)
@given(LEGS, st.sampled_from([0.01, 3, 1000]))
def test_neither_the_scale_of_the_words_nor_where_cosines_begin_matters(legs: Legs, scale: float) -> None:
    lexical, semantic = floats(*legs[0]), floats(*legs[1])
    assert fused(lexical * np.float32(scale), semantic) == pytest.approx(fused(lexical, semantic), abs=1e-3)
    assert fused(lexical, semantic + np.float32(1)) == pytest.approx(fused(lexical, semantic), abs=1e-3)


def test_a_leg_that_tells_nothing_apart_leaves_the_order_to_the_other() -> None:
    cosines = floats(0.3, -0.2, 0.9, 0.5)
    words = floats(2, 9, 0, 4)
    by_cosine, by_words = [2, 3, 0, 1], [1, 3, 0, 2]
    for same in (floats(0, 0, 0, 0), floats(7, 7, 7, 7)):
        assert order(same, cosines) == by_cosine
    rounded = np.nextafter(floats(0.7, 0.7, 0.7, 0.7), floats(0, 1, 1, 0))
    for same in (floats(0, 0, 0, 0), floats(0.7, 0.7, 0.7, 0.7), floats(NONE, NONE, NONE, NONE), rounded):
        assert len(set(parts_of(words, same)[1].tolist())) == 1
        assert order(words, same) == by_words


def test_the_only_lesson_of_a_library_has_the_whole_score() -> None:
    assert [part.tolist() for part in parts_of(floats(0), floats(0.6))] == [[0], [1]]
    words, meaning = parts_of(floats(2.5), floats(0.6))
    assert words + meaning == pytest.approx([1])
    assert words == pytest.approx([LEXICAL_WEIGHT])


def test_a_leg_whose_first_hit_stands_out_counts_more_than_one_to_which_all_are_alike() -> None:
    rest = [0.3, 0.31, 0.32] * 30
    sharp, dull = floats(0.2, 0.9, *rest), floats(0.3, 0.32, *rest)
    words = floats(9, 0, *[5, 4, 3] * 30)
    assert order(words, sharp)[0] == 1
    assert order(words, dull)[0] == 0


def test_a_lesson_without_a_passage_is_as_far_as_the_farthest() -> None:
    words, meaning = parts_of(floats(1, 0, 0), floats(NONE, 0.2, 0.6))
    assert meaning[0] == meaning[1] == 0 < meaning[2]
    assert words[0] > 0
    assert order(floats(0, 0.5), floats(0.6, NONE)) == [1, 0]


def test_where_cosines_differ_little_the_words_decide() -> None:
    lexical, rest = floats(5.5, 0, *[5, 4, 3] * 30), np.array([0.3, 0.31, 0.32] * 30)
    semantic = np.concatenate([[0.3, 0.5], rest])
    assert order(lexical, semantic.astype(np.float32))[0] == 1
    assert order(lexical, (semantic / 8).astype(np.float32))[0] == 0


def test_words_of_which_no_lesson_has_many_leave_the_order_to_the_meaning() -> None:
    lexical, semantic = floats(9, 0, *[0.5] * 30), floats(0.3, 0.4, *[0.29, 0.3, 0.34] * 10)
    whole, part = (parts_of(lexical, semantic, found) for found in (1, 0.1))
    assert np.argmax(whole[0] + whole[1]) == 0
    assert np.argmax(part[0] + part[1]) == 1


def test_equal_scores_stay_equal() -> None:
    tied = fused(floats(3, 1, 3, 0), floats(0.2, 0.9, 0.2, 0))
    assert tied[0] == tied[2]
    assert fused(floats(2, 2, 2), floats(0.5, 0.5, 0.5)) == pytest.approx([1, 1, 1])
    assert fused(floats(0, 0), floats(0, 0)).tolist() == [1, 1]
    assert fused(floats(0, 0), floats(NONE, NONE)).tolist() == [0, 0]


def test_a_single_lesson_has_the_best_score_for_its_words() -> None:
    assert fused(floats(0.01), floats(-0.4)).tolist() == [1]
    assert fused(floats(0.01), floats(NONE)).tolist() == [1]


def test_nothing_fused_is_nothing() -> None:
    assert fused(floats(), floats()).tolist() == []


def test_words_are_measured_from_zero_and_cosines_from_the_worst() -> None:
    assert share_of_best(floats(5, 4, 0)) == pytest.approx([1, 0.8, 0])
    assert share_of_range(floats(0.5, 0.4, -0.5)) == pytest.approx([1, 0.9, 0])
    assert share_of_best(floats(0, 0)).tolist() == [0, 0]
    assert share_of_range(floats(0.3, 0.3)).tolist() == [1, 1]
    assert share_of_best(floats()).tolist() == share_of_range(floats()).tolist() == []
