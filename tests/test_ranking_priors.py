"""What a lesson has gone through moves it a little, and its successor stands above it."""

from __future__ import annotations

import numpy as np
import pytest

from search.query.mode import Mode
from search.ranking.hits import Hit
from search.ranking.priors import STATUS, Priors, succession
from search.ranking.ranker import Ranker
from tests.small_index import EAST, MODES, NORTH, Part, at, lessons_of, only, rank, ranker

FAR = [Part("paper", EAST)]
"""A lesson that has none of the words and is far off."""


def having(index: Ranker, added: dict[str, dict[int, float]] | None = None, *pairs: tuple[int, int]) -> Ranker:
    priors = Priors(index.lexical.lessons, added or {}, succession(pairs))
    return index._replace(priors=priors)


def parts_of(hits: list[Hit], lesson: int) -> dict[str, float]:
    return next(dict(hit.parts) for hit in hits if hit.lesson == lesson)


@pytest.mark.parametrize("mode", MODES)
def test_a_draft_stands_below_a_validated_lesson_when_all_else_is_equal(mode: Mode) -> None:
    equal = ranker([Part("error", NORTH)], [Part("error", NORTH)])
    drafted = having(equal, {"draft": {0: STATUS["draft"]}})
    assert lessons_of(rank(equal, mode)) == [0, 1]
    assert lessons_of(rank(drafted, mode)) == [1, 0]
    assert parts_of(rank(drafted, mode), 0)["draft"] < 0
    assert "draft" not in parts_of(rank(drafted, mode), 1)


@pytest.mark.parametrize("mode", MODES)
def test_a_draft_that_fits_better_stays_above(mode: Mode) -> None:
    index = ranker([Part("error", NORTH)], [Part("error ink ink ink", at(0.8))], [Part("ink", at(0.4))])
    assert lessons_of(rank(having(index, {"draft": {0: STATUS["draft"]}}), mode))[:2] == [0, 1]


def test_by_words_alone_a_prior_is_a_part_of_the_best_score() -> None:
    # BM25F has no upper bound: the longer the query, the larger the scores, and the priors with them.
    words = " ".join(f"word{number}" for number in range(50))
    index = having(ranker([Part(words)], [Part(words)], [Part("ink")]), {"draft": {0: -0.02}})
    first, second = rank(index, Mode.LEXICAL, words)
    assert lessons_of([first, second]) == [1, 0]
    assert second.parts == pytest.approx({"words": first.score, "draft": -0.02 * first.score})


def test_a_prior_adds_no_lesson_that_was_not_found() -> None:
    index = having(ranker([Part("error", NORTH)], FAR), {"evidence": {1: 0.01}})
    assert lessons_of(rank(index, Mode.LEXICAL)) == [0]


@pytest.mark.parametrize("mode", MODES)
def test_a_superseded_lesson_stands_just_below_its_successor(mode: Mode) -> None:
    index = ranker([Part("error", NORTH)], [Part("error ink", at(0.8))], [Part("error ink ink", at(0.6))])
    hits = rank(having(index, None, (0, 2)), mode)
    assert lessons_of(hits) == [2, 0, 1]
    assert hits[0].score == pytest.approx(hits[1].score, rel=1e-3)
    assert hits[0].parts["replaces another"] > 0
    assert "replaces another" not in hits[1].parts


@pytest.mark.parametrize("mode", MODES)
def test_a_successor_that_is_above_already_is_not_moved(mode: Mode) -> None:
    index = ranker([Part("error ink", at(0.8))], [Part("error", NORTH)])
    assert rank(having(index, None, (0, 1)), mode) == rank(index, mode)


@pytest.mark.parametrize("mode", MODES)
def test_a_successor_is_above_where_both_fit_alike(mode: Mode) -> None:
    words = " ".join(f"word{number}" for number in range(500))  # scores so large that a small sum is lost in them
    index = having(ranker([Part(words, NORTH)], [Part(words, NORTH)], *[[Part("ink")]] * 50), None, (0, 1))
    assert lessons_of(rank(index, mode, words))[:2] == [1, 0]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("pairs", [[(0, 1), (1, 2)], [(1, 2), (0, 1)], [(0, 1), (1, 2), (0, 2)]])
def test_in_a_chain_the_newest_is_first(mode: Mode, pairs: list[tuple[int, int]]) -> None:
    index = ranker([Part("error", NORTH)], [Part("error ink", at(0.8))], [Part("error ink ink", at(0.6))])
    assert lessons_of(rank(having(index, None, *pairs), mode)) == [2, 1, 0]


@pytest.mark.parametrize("mode", MODES)
def test_a_chain_against_the_order_of_paths(mode: Mode) -> None:
    index = ranker(*[[Part("error", NORTH)] for _ in range(4)])
    assert lessons_of(rank(having(index, None, (3, 2), (2, 0), (0, 1)), mode)) == [1, 0, 2, 3]


@pytest.mark.parametrize("mode", MODES)
def test_a_successor_that_is_far_off_comes_up_too(mode: Mode) -> None:
    near = [[Part("error", at(0.9))] for _ in range(300)]  # more than are candidates
    index = having(ranker([Part("error", NORTH)], *near, FAR, FAR), None, (0, 301), (301, 302))
    hits = rank(index, mode)
    assert lessons_of(hits)[:3] == [302, 301, 0]
    assert hits[0].score == pytest.approx(sum(hits[0].parts.values()))
    assert hits[0].lexical is None


def test_a_successor_without_any_passage_has_nothing_of_meaning() -> None:
    index = having(ranker([Part("error", NORTH)], []), None, (0, 1))
    new, old = rank(index, Mode.SEMANTIC)
    assert lessons_of([new, old]) == [1, 0]
    assert new.parts["meaning"] == 0
    assert new.parts["replaces another"] == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("mode", MODES)
def test_a_successor_out_of_scope_stays_out(mode: Mode) -> None:
    for newer in (FAR, [Part("error", NORTH)]):
        index = having(ranker([Part("error", NORTH)], newer), None, (0, 1))
        assert lessons_of(rank(index, mode, scope=only(True, False))) == [0]


@pytest.mark.parametrize("mode", MODES)
def test_a_successor_whose_predecessor_is_out_of_scope_is_not_moved(mode: Mode) -> None:
    index = ranker([Part("error", NORTH)], [Part("error ink", at(0.6))], [Part("error", at(0.8))], FAR)
    hits = rank(having(index, None, (0, 1), (0, 3)), mode, scope=only(False, True, True, True))
    assert lessons_of(hits)[:2] == [2, 1]


@pytest.mark.parametrize("mode", MODES)
def test_a_chain_holds_over_a_lesson_that_is_out_of_scope(mode: Mode) -> None:
    index = ranker([Part("error", NORTH)], [Part("error", NORTH)], [Part("error ink", at(0.6))])
    hits = rank(having(index, None, (0, 1), (1, 2)), mode, scope=only(True, False, True))
    assert lessons_of(hits) == [2, 0]


@pytest.mark.parametrize("mode", MODES)
def test_lessons_that_replace_each_other_stand_as_if_neither_did(mode: Mode) -> None:
    index = ranker([Part("error", NORTH)], [Part("error ink", at(0.6))], *[[Part("ink")] for _ in range(30)])
    others = [(number, number + 1) for number in range(2, 31)]
    replaced = having(index, None, (0, 1), (1, 0), *others)
    assert rank(replaced, mode, limit=2) == rank(index, mode, limit=2)


@pytest.mark.parametrize("mode", MODES)
def test_a_successor_carries_its_own_priors_and_stands_above_all_the_same(mode: Mode) -> None:
    index = ranker([Part("error", NORTH)], [Part("error", NORTH)])
    hits = rank(having(index, {"draft": {1: -0.02}, "evidence": {0: 0.01}}, (0, 1)), mode)
    assert lessons_of(hits) == [1, 0]
    assert hits[0].score == pytest.approx(sum(hits[0].parts.values()), abs=1e-6)
    assert set(hits[0].parts) >= {"draft", "replaces another"}


def test_a_superseded_lesson_is_ranked_even_if_nothing_replaces_it() -> None:
    index = having(ranker([Part("error", NORTH)]), {"superseded": {0: STATUS["superseded"]}})
    for mode in MODES:
        (hit,) = rank(index, mode)
        assert hit.parts["superseded"] < 0
        assert np.isfinite(hit.score)
