"""Evidence: how near in meaning, and how much of the query; one measure for every library."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.relevance import _OF_COVERAGE, LEAST_COVERAGE, LEAST_OF_ANSWER, LEAST_OF_HIT, evidence

COSINES = st.floats(-1, 1, width=32)
COVERAGES = st.floats(0, 1, width=32)


def of(cosine: float, coverage: float) -> float:
    return float(evidence(np.array([cosine], np.float32), np.array([coverage], np.float32))[0])


def test_evidence_is_the_cosine_and_a_part_of_the_coverage() -> None:
    assert of(0.5, 0) == pytest.approx(0.5)
    assert of(0.5, 1) == pytest.approx(0.5 + _OF_COVERAGE)
    assert of(0.5, 0.5) == pytest.approx(0.5 + 0.5 * _OF_COVERAGE)


def test_what_is_opposite_in_meaning_or_has_no_passage_is_as_good_as_unrelated() -> None:
    assert of(-1, 0.5) == of(-np.inf, 0.5) == of(0, 0.5)


@given(COSINES, COSINES, COVERAGES, COVERAGES)
def test_more_of_either_is_never_less_evidence(one: float, other: float, some: float, more: float) -> None:
    assert of(max(one, other), max(some, more)) >= of(min(one, other), min(some, more)) >= 0


def test_a_hit_needs_less_than_an_answer_and_words_alone_are_no_answer() -> None:
    assert 0 < LEAST_OF_HIT < LEAST_OF_ANSWER < 1
    assert of(0, 1) < LEAST_OF_ANSWER
    assert of(1, 0) > LEAST_OF_ANSWER
    assert 0 < LEAST_COVERAGE < 1
