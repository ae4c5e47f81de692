"""What may be found, and what is worth showing: scopes, weak hits, and the verdict on a ranking."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.ranking import Mode, Scope
from search.relevance import LEAST_COSINE, LEAST_COVERAGE, LEAST_OF_ANSWER, LEAST_OF_HIT
from tests.small_index import EAST, MODES, NORTH, UP, Part, at, lessons_of, only, rank, ranker, ranking


def passages(*allowed: bool) -> Scope:
    return Scope(passages=np.array(allowed, bool))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("weak", [False, True])
def test_a_scope_that_allows_nothing_leaves_nothing(mode: Mode, weak: bool) -> None:
    index = ranker([Part("error", NORTH)], [Part("error proof", NORTH)])
    found = ranking(index, mode, scope=only(False, False), weak=weak)
    assert (found.hits, found.relevant) == ((), False)


@pytest.mark.parametrize("mode", MODES)
def test_a_scope_leaves_the_others_in_their_order(mode: Mode) -> None:
    # The fewer words beside "error" and the nearer the vector, the better: lesson 3 is best, then 2, 1, 0.
    parts = [[Part("error" + " ink" * (4 - number), at(0.5 + number / 10))] for number in range(4)]
    index = ranker(*parts)
    assert lessons_of(rank(index, mode)) == [3, 2, 1, 0]
    assert lessons_of(rank(index, mode, scope=only(True, False, True, False))) == [2, 0]


@pytest.mark.parametrize("mode", MODES)
def test_few_lessons_in_scope_are_all_found_among_many_better_ones(mode: Mode) -> None:
    better = [[Part("error", NORTH)] for _ in range(600)]
    index = ranker([Part("error ink ink", at(0.5))], *better, [Part("error ink", at(0.6))])
    scope = only(True, *[False] * 600, True)
    assert lessons_of(rank(index, mode, limit=1000, scope=scope)) == [601, 0]


def test_only_the_passages_in_scope_count_by_meaning_and_are_shown() -> None:
    index = ranker(
        [Part("ink", NORTH), Part("ink", at(0.5)), Part("ink", at(0.4))],
        [Part("ink", at(0.6)), Part("ink", at(0.9))],
        [Part("ink", NORTH)],
    )
    scope = passages(False, True, True, True, False, False)
    hits = rank(index, Mode.SEMANTIC, scope=scope)
    assert [(hit.lesson, hit.passages) for hit in hits] == [(1, (3,)), (0, (1, 2))]
    assert [hit.score for hit in hits] == pytest.approx([0.6, 0.5])
    assert [hit.semantic.rank for hit in hits if hit.semantic] == [1, 2]


def test_a_lesson_is_found_by_words_anywhere_and_shows_passages_in_scope_only() -> None:
    index = ranker([Part("error"), Part("ink"), Part("error")], [Part("error", NORTH)])
    scope = Scope(np.array([True, False]), np.array([False, True, True, False]))
    (hit,) = rank(index, Mode.LEXICAL, scope=scope)
    assert (hit.lesson, hit.passages) == (0, (2, 1)), "the one with the word first"


def test_a_passage_out_of_scope_lends_no_meaning_to_the_sum() -> None:
    index = ranker([Part("ink", NORTH), Part("ink", at(0.7))], [Part("ink", at(0.8))])
    assert lessons_of(rank(index, Mode.HYBRID)) == [0, 1]
    first, second = rank(index, Mode.HYBRID, scope=passages(False, True, True))
    assert lessons_of([first, second]) == [1, 0]
    assert first.parts == pytest.approx({"words": 0, "meaning": 1})
    assert second.parts == pytest.approx({"words": 0, "meaning": 0})


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["error", "error ink", "ink"]), st.floats(0.4, 1)), min_size=2, max_size=6))
def test_a_scope_of_lessons_changes_no_score(lessons: list[tuple[str, float]]) -> None:
    index = ranker(*[[Part(words, at(cosine))] for words, cosine in lessons])
    allowed = [number % 2 == 0 for number in range(len(lessons))]
    for mode in MODES:
        every = rank(index, mode, limit=10)
        found = rank(index, mode, limit=10, scope=only(*allowed))
        assert [(hit.lesson, hit.score, hit.parts) for hit in found] == [
            (hit.lesson, hit.score, hit.parts) for hit in every if allowed[hit.lesson]
        ]
        for leg in ("lexical", "semantic"):
            standings = sorted(standing.rank for hit in found if (standing := getattr(hit, leg)))
            assert standings == list(range(1, len(standings) + 1)), "ranks count what is in scope"


def test_statements_that_are_in_scope_with_passages_are_not_shown() -> None:
    index = ranker([Part(vector=NORTH, shown=False), Part("ink", at(0.5)), Part("ink", at(0.9))])
    (hit,) = rank(index, Mode.SEMANTIC, scope=passages(True, True, False))
    assert hit.passages == (1,)


def test_what_has_too_little_evidence_is_left_out() -> None:
    index = ranker(
        [Part("error proof", at(0.9))],
        [Part("ink", at(LEAST_OF_HIT - 0.01))],
        [Part("ink", at(LEAST_OF_HIT + 0.01))],
        [Part("paper", at(-1))],
    )
    assert lessons_of(rank(index, Mode.LEXICAL, "error proof")) == [0]
    assert lessons_of(rank(index, Mode.SEMANTIC)) == [0, 2]
    assert lessons_of(rank(index, Mode.HYBRID, "error proof")) == [0, 2]


def test_words_are_evidence_for_a_lesson_that_is_not_near_enough_by_itself() -> None:
    index = ranker([Part("proof print", at(LEAST_OF_HIT - 0.1))], [Part("ink", at(LEAST_OF_HIT - 0.1))])
    (hit,) = rank(index, Mode.HYBRID, "proof print")
    assert hit.lesson == 0
    assert hit.lexical is not None


def test_one_common_word_of_many_does_not_make_a_far_lesson_worth_showing() -> None:
    index = ranker([Part("error", EAST)], [Part("error proof", EAST)], [Part("error ink", EAST)])
    assert rank(index, Mode.HYBRID, "error unknown1 unknown2 unknown3") == []


def test_a_query_that_fits_nothing_has_no_hits() -> None:
    index = ranker([Part("error", EAST)], [Part("proof", EAST)])
    assert rank(index, Mode.HYBRID, "unknown", UP) == []
    assert rank(index, Mode.SEMANTIC, vector=UP) == []
    assert rank(index, Mode.LEXICAL, "unknown") == []


def test_weak_hits_are_ranked_on_request_like_any() -> None:
    index = ranker([Part("ink", at(-0.5))], [Part("error", EAST)], [Part("ink", at(0.2))])
    assert rank(index, Mode.SEMANTIC) == []
    assert lessons_of(rank(index, Mode.SEMANTIC, weak=True)) == [2, 1, 0]
    assert lessons_of(rank(index, Mode.HYBRID, "error unknown", weak=True)) == [1, 2, 0]
    assert lessons_of(rank(index, Mode.LEXICAL, weak=True)) == [1], "without a word there is no lexical hit"


@pytest.mark.parametrize("mode", MODES)
@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["error", "error ink", "ink"]), st.floats(-1, 1)), max_size=6))
def test_weak_hits_change_neither_order_nor_scores_of_the_others(mode: Mode, lessons: list[tuple[str, float]]) -> None:
    index = ranker(*[[Part(words, at(cosine))] for words, cosine in lessons])
    shown, every = ranking(index, mode, limit=10), ranking(index, mode, limit=10, weak=True)
    assert [hit for hit in every.hits if hit.lesson in lessons_of(shown.hits)] == list(shown.hits)
    assert shown.relevant == (every.relevant and bool(shown.hits))
    assert mode is Mode.LEXICAL or len(every.hits) == len(lessons)


@pytest.mark.parametrize(("mode", "least"), [(Mode.SEMANTIC, LEAST_COSINE), (Mode.HYBRID, LEAST_OF_ANSWER)])
def test_a_ranking_is_relevant_when_its_best_lesson_is_near_enough(mode: Mode, least: float) -> None:
    for cosine, relevant in ((least + 0.01, True), (least - 0.01, False)):
        found = ranking(ranker([Part("ink", at(0.4))], [Part("ink", at(cosine))]), mode)
        assert lessons_of(found.hits) == [1, 0]
        assert found.relevant == relevant


def test_words_help_to_make_a_ranking_relevant() -> None:
    index = ranker([Part("error", at(LEAST_OF_ANSWER - 0.1))], [Part("ink", EAST)])
    assert ranking(index, Mode.HYBRID, "error").relevant
    assert not ranking(index, Mode.HYBRID, "unknown").relevant
    assert ranking(index, Mode.SEMANTIC).relevant, "of the meaning alone less is asked"


def test_the_verdict_is_on_what_is_in_scope() -> None:
    index = ranker([Part("error", NORTH)], [Part("ink", at(0.5))])
    assert ranking(index, Mode.HYBRID).relevant
    assert not ranking(index, Mode.HYBRID, scope=only(False, True)).relevant


def test_by_words_alone_a_ranking_is_relevant_that_has_a_share_of_the_querys_information() -> None:
    index = ranker([Part("error ink")], [Part("ink proof")], [Part("print")])
    # As in a library of a hundred: two lessons with "ink" tell ln(1 + 98.5/2.5) = 3.70, none with "unknown" 5.31.
    little = ranking(index, Mode.LEXICAL, "ink unknown unheard unseen")
    assert lessons_of(little.hits) == [0, 1]
    assert not little.relevant, "3.70 of 19.6 are .19"
    assert ranking(index, Mode.LEXICAL, "error unknown").relevant, "4.21 of 9.52 are .44"
    assert ranking(index, Mode.LEXICAL, "ink").relevant
    assert 0.19 < LEAST_COVERAGE < 0.44
