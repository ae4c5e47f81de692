"""What may be found, and what is worth showing: scopes, weak hits, and the verdict on a ranking."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.analysis.lesson_terms import Field
from search.lexical.lexical_query import LexicalQuery
from search.query.mode import Mode
from search.ranking.calibration import DEFAULTS
from search.ranking.priors import Priors
from search.ranking.question import EncodedQuery, Scope
from search.ranking.relevance import Relevance
from tests.small_index import EAST, MODES, NORTH, UP, Part, at, lessons_of, only, rank, ranker, ranking


def passages(*allowed: bool) -> Scope:
    return Scope(passages=np.flatnonzero(allowed))


@pytest.mark.parametrize("mode", MODES)
def test_a_scope_that_allows_nothing_leaves_nothing(mode: Mode) -> None:
    index = ranker([Part("error", NORTH)], [Part("error proof", NORTH)])
    found = ranking(index, mode, scope=only(False, False))
    assert (found.hits, found.relevance) == ((), Relevance.NEAREST)


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
    assert [(hit.lesson, hit.passages) for hit in hits] == [(1, (0,)), (0, (1, 2))]
    assert [hit.score for hit in hits] == pytest.approx([0.6, 0.5])
    assert [hit.semantic.rank for hit in hits if hit.semantic] == [1, 2]


def test_a_lesson_is_found_by_words_anywhere_and_shows_passages_in_scope_only() -> None:
    index = ranker([Part("error"), Part("ink"), Part("error")], [Part("error", NORTH)])
    scope = Scope(np.array([0]), np.array([1, 2]))
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


def test_every_lesson_that_a_leg_saw_is_found_however_far() -> None:
    index = ranker([Part("error proof", at(0.9))], [Part("ink", at(0.1))], [Part("paper", at(-1))])
    assert lessons_of(rank(index, Mode.LEXICAL, "error proof")) == [0]
    assert lessons_of(rank(index, Mode.SEMANTIC)) == [0, 1, 2]
    assert lessons_of(rank(index, Mode.HYBRID, "error proof")) == [0, 1, 2]


def test_a_lesson_answers_or_may_help_from_its_modes_thresholds_on() -> None:
    for mode in (Mode.SEMANTIC, Mode.HYBRID):
        thresholds = DEFAULTS[mode]
        for cosine, relevance in (
            (thresholds.answers + 0.01, Relevance.ANSWERS),
            (thresholds.answers - 0.01, Relevance.MAY_HELP),
            (thresholds.may_help + 0.01, Relevance.MAY_HELP),
            (thresholds.may_help - 0.01, Relevance.NEAREST),
        ):
            found = ranking(ranker([Part("ink", at(0.2))], [Part("ink", at(cosine))]), mode)
            assert [hit.relevance for hit in found.hits] == [relevance, Relevance.NEAREST]
            assert found.relevance is relevance


def test_words_add_to_what_speaks_for_a_lesson() -> None:
    index = ranker([Part("error", at(DEFAULTS[Mode.HYBRID].answers - 0.1))], [Part("ink", EAST)])
    assert ranking(index, Mode.HYBRID, "error").relevance is Relevance.ANSWERS
    assert ranking(index, Mode.HYBRID, "unknown").relevance is Relevance.MAY_HELP


def test_all_that_was_typed_in_one_passage_may_help_however_far_in_meaning() -> None:
    index = ranker([Part("krytox grease", at(-1))], [Part("grease"), Part("krytox")], [Part("ink", EAST)])
    first, second, third = rank(index, Mode.HYBRID, "krytox grease", UP)
    assert [hit.lesson for hit in (first, second, third)][:2] == [0, 1]
    assert first.relevance is Relevance.MAY_HELP
    assert third.relevance is Relevance.NEAREST


def test_a_common_word_that_is_all_there_does_not_make_a_far_lesson_one_that_helps() -> None:
    index = ranker([Part("time", EAST)], [Part("ink", EAST)])
    assert ranking(index, Mode.HYBRID, "time", UP).relevance is Relevance.NEAREST


def test_the_words_of_two_passages_are_not_all_there_in_one() -> None:
    apart = ranker([Part("krytox", EAST), Part("ora942", EAST)])
    assert ranking(apart, Mode.HYBRID, "krytox ora942", UP).relevance is Relevance.NEAREST
    titled = ranker([Part("krytox", EAST)], fields={0: {Field.TITLE: "ora942"}})
    assert ranking(titled, Mode.HYBRID, "krytox ora942", UP).relevance is Relevance.MAY_HELP, "a title is part of each"


def test_an_identifier_that_is_there_may_help_whatever_else_was_asked() -> None:
    index = ranker([Part("ora942 ink", EAST)], [Part("ink", EAST)])
    words = LexicalQuery({"ora942": 1, "unknown": 1, "unheard": 1, "unseen": 1})
    assert index.rank(EncodedQuery(words, np.array([UP])), 5).relevance is Relevance.NEAREST
    identified = index.rank(EncodedQuery(words._replace(identifiers=("ora942",)), np.array([UP])), 5)
    assert [hit.relevance for hit in identified.hits] == [Relevance.MAY_HELP, Relevance.NEAREST]


def test_in_a_scope_that_was_asked_for_a_lesson_that_is_not_far_off_may_help() -> None:
    near = DEFAULTS[Mode.HYBRID].may_help - 0.05
    index = ranker([Part("ink", at(near))], [Part("ink", at(near - 0.2))])
    assert ranking(index, Mode.HYBRID).relevance is Relevance.NEAREST
    hits = ranking(index, Mode.HYBRID, restricted=True).hits
    assert [hit.relevance for hit in hits] == [Relevance.MAY_HELP, Relevance.NEAREST]


def test_the_verdict_is_on_what_is_in_scope() -> None:
    index = ranker([Part("error", NORTH)], [Part("ink", at(0.2))])
    assert ranking(index, Mode.HYBRID).relevance is Relevance.ANSWERS
    assert ranking(index, Mode.HYBRID, scope=only(False, True)).relevance is Relevance.NEAREST


def test_what_replaces_a_lesson_is_as_sure_as_that() -> None:
    index = ranker([Part("error", NORTH)], [Part("ink", at(-1))])
    index = index._replace(priors=replace(Priors.none(2), successors=[(0, 1)]))
    assert [(hit.lesson, hit.relevance) for hit in rank(index, Mode.HYBRID)] == [
        (1, Relevance.ANSWERS),
        (0, Relevance.ANSWERS),
    ]


def test_by_words_alone_the_share_of_the_querys_information_decides() -> None:
    index = ranker([Part("error ink")], [Part("ink proof")], [Part("print")])
    assert ranking(index, Mode.LEXICAL, "ink unknown unheard unseen").relevance is Relevance.NEAREST
    assert ranking(index, Mode.LEXICAL, "error ink unknown").relevance is Relevance.MAY_HELP
    assert ranking(index, Mode.LEXICAL, "error ink").relevance is Relevance.ANSWERS
