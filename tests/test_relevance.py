"""Evidence: how near in meaning, and how much of the query's words; one measure for every library."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.query.mode import Mode
from search.ranking.calibration import DEFAULTS, Thresholds
from search.ranking.relevance import LEVELS, QueryCoverage, Relevance, evidence, levels

COSINES = st.floats(-1, 1, width=32)
COVERAGES = st.floats(0, 1, width=32)
THRESHOLDS = Thresholds(0.4, 0.6)


def words(best: float, terms: int = 6, information: float = 20.0) -> QueryCoverage:
    return QueryCoverage(information, terms, best)


def of(cosine: float | None, coverage: float | None, terms: int = 6) -> float:
    cosines = None if cosine is None else np.array([cosine], np.float32)
    shares = None if coverage is None else np.array([coverage], np.float32)
    return float(evidence(cosines, None if shares is None else words(1.0, terms).strength(shares))[0])


def level(found: float, said: QueryCoverage | None = None, *, restricted: bool = False) -> Relevance:
    """Return the level for evidence, and for the words of the one lesson there is."""
    whole = np.array([False]) if said is None else said.covers_query(np.array([said.best], np.float32))
    return LEVELS[levels(np.array([found], np.float32), whole, THRESHOLDS, restricted=restricted)[0]]


def test_evidence_is_the_cosine_and_a_part_of_what_the_words_tell() -> None:
    assert of(0.5, 0) == of(0.5, None) == pytest.approx(0.5)
    assert of(0.5, 1) == pytest.approx(0.75)
    assert of(0.5, 0.5) == pytest.approx(0.625)
    assert of(None, 0.5) == pytest.approx(0.5), "by words alone they are all there is"


def test_what_is_opposite_in_meaning_or_has_no_passage_is_as_good_as_unrelated() -> None:
    assert of(-1, 0.5) == of(-np.inf, 0.5) == of(0, 0.5)


def test_the_same_share_of_a_longer_query_tells_more() -> None:
    assert of(None, 0.2, 3) < of(None, 0.2, 6) < of(None, 0.2, 24) == pytest.approx(0.4)
    assert of(None, 0.9, 128) == 1, "and never more than all of it"


def test_words_count_in_full_where_eight_of_them_or_all_of_a_shorter_query_stand_together() -> None:
    assert words(1.0, 3).weight() == words(0.5, 16).weight() == words(0.9, 128).weight() == 1
    assert words(0.5, 3).weight() == words(0.5, 8).weight() == 0.5
    assert words(0.1, 16).weight() == pytest.approx(0.2)
    assert QueryCoverage(0.0, 0, 0.0).weight() == 0


@given(COSINES, COSINES, COVERAGES, COVERAGES, st.integers(1, 128))
def test_more_of_either_is_never_less_evidence(one: float, other: float, some: float, more: float, terms: int) -> None:
    assert of(max(one, other), max(some, more), terms) >= of(min(one, other), min(some, more), terms) >= 0


def test_the_word_is_that_of_the_thresholds() -> None:
    assert [level(found) for found in (0.39, 0.41, 0.61)] == list(LEVELS)


def test_all_that_the_words_tell_may_help_whatever_the_meaning_says() -> None:
    assert level(0.1, words(1.0)) is Relevance.MAY_HELP
    assert level(0.1, words(0.9)) is Relevance.NEAREST
    assert level(0.7, words(1.0)) is Relevance.ANSWERS


def test_a_query_that_tells_next_to_nothing_is_not_found_whole() -> None:
    assert level(0.1, words(1.0, information=2.0)) is Relevance.NEAREST


def test_filters_and_phrases_speak_for_what_is_not_far_off() -> None:
    assert [level(found, restricted=True) for found in (0.29, 0.31, 0.61)] == list(LEVELS)


def test_the_defaults_ask_more_of_an_answer_than_of_what_may_help() -> None:
    assert set(DEFAULTS) == set(Mode)
    assert all(0 < thresholds.may_help < thresholds.answers < 1 for thresholds in DEFAULTS.values())
