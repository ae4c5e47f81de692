"""The ranker's contract, the same for words, for meaning and for both, over real postings and real vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from search.fusion import LEXICAL_WEIGHT
from search.postings import Field, LessonTerms, NewPostings, Postings
from search.ranking import _LEAST_COSINE, _LEAST_COVERAGE, _PASSAGES_SHOWN, Hit, Mode, Ranker, Standing
from search.vectors import VectorIndex

Vectors = NDArray[np.float32]
Mask = NDArray[np.bool_]
MODES = list(Mode)
DIMENSION = 3


def unit(*values: float) -> Vectors:
    vector = np.array([*values, *[0] * (DIMENSION - len(values))], np.float32)
    return np.asarray(vector / np.linalg.norm(vector), np.float32)


NORTH, EAST, UP = unit(1, 0, 0), unit(0, 1, 0), unit(0, 0, 1)


def at(cosine: float) -> Vectors:
    """Return a unit vector with this cosine to `NORTH`."""
    return unit(cosine, float(np.sqrt(1 - cosine**2)))


@dataclass
class Part:
    """A passage: its words, its vector, and whether it may be shown."""

    words: str = ""
    vector: Vectors = field(default_factory=lambda: EAST)
    shown: bool = True


def ranker(*lessons: Sequence[Part], fields: dict[int, dict[Field, str]] | None = None) -> Ranker:
    new = NewPostings()
    for number, parts in enumerate(lessons):
        said = {of: text.split() for of, text in (fields or {}).get(number, {}).items()}
        new.add(f"{number:05}.md", LessonTerms(said, [part.words.split() for part in parts]))
    parts = [part for lesson in lessons for part in lesson]
    vectors = np.array([part.vector for part in parts], np.float32).reshape(len(parts), DIMENSION)
    postings = Postings.empty().updated([None] * len(lessons), new)
    return Ranker(postings, VectorIndex.from_vectors(vectors), np.array([part.shown for part in parts], bool))


def rank(
    index: Ranker, mode: Mode, words: str = "error", vector: Vectors = NORTH, limit: int = 5, only: Mask | None = None
) -> list[Hit]:
    terms = [] if mode is Mode.SEMANTIC else words.split()
    return index.rank(terms, None if mode is Mode.LEXICAL else vector, limit, only)


def lessons_of(hits: Sequence[Hit]) -> list[int]:
    return [hit.lesson for hit in hits]


@st.composite
def corpora(draw: st.DrawFn) -> tuple[Ranker, str, Vectors, Mask | None]:
    """A few lessons with random words and random vectors, a query, and a mask or none."""
    seed = np.random.default_rng(draw(st.integers(0, 2**32)))
    words = st.lists(st.sampled_from(["error", "proof", "print", "ink"]), max_size=4).map(" ".join)

    def vector() -> Vectors:
        return unit(*seed.normal(size=DIMENSION))

    def part(shown: bool) -> st.SearchStrategy[Part]:
        return st.builds(Part, words if shown else st.just(""), st.builds(vector), st.just(shown))

    lesson = st.tuples(st.lists(part(False), max_size=2), st.lists(part(True), min_size=1, max_size=5))
    lessons = [first + then for first, then in draw(st.lists(lesson, max_size=9))]
    answers = {number: {Field.ANSWERS: draw(words)} for number in range(len(lessons))}
    query = draw(st.lists(st.sampled_from(["error", "proof", "unknown"]), min_size=1, max_size=4).map(" ".join))
    mask = draw(st.one_of(st.none(), st.lists(st.booleans(), min_size=len(lessons), max_size=len(lessons))))
    only = None if mask is None else np.array(mask, bool)
    return ranker(*lessons, fields=answers), query, vector(), only


def leg_scores(index: Ranker, words: str, vector: Vectors) -> tuple[list[float], list[float], list[float]]:
    """Return for each lesson its BM25F, the cosine of its nearest passage and its coverage, without the ranker."""
    assert index.vectors is not None
    scores = index.postings.score(words.split())
    cosines = index.vectors.vectors() @ vector
    best = [
        max(float(cosines[number]) for number in np.flatnonzero(index.postings.lesson_of == lesson))
        for lesson in range(len(index.postings.passages_of))
    ]
    return scores.lessons.tolist(), best, scores.coverage.tolist()


@pytest.mark.parametrize("mode", MODES)
@settings(max_examples=40, deadline=None)
@given(corpora(), st.integers(1, 10))
def test_a_ranking_is_sorted_without_repeats_within_its_limit_and_its_mask(
    mode: Mode, corpus: tuple[Ranker, str, Vectors, Mask | None], limit: int
) -> None:
    index, words, vector, only = corpus
    hits = rank(index, mode, words, vector, limit, only)
    assert len(hits) <= limit
    assert [(-hit.score, hit.lesson) for hit in hits] == sorted((-hit.score, hit.lesson) for hit in hits)
    assert len({hit.lesson for hit in hits}) == len(hits)
    assert all(np.isfinite(hit.score) for hit in hits)
    assert only is None or all(only[hit.lesson] for hit in hits)
    assert hits == rank(index, mode, words, vector, 100, only)[:limit], "a limit only cuts"


@pytest.mark.parametrize("mode", MODES)
@settings(max_examples=40, deadline=None)
@given(corpora())
def test_a_hit_shows_its_own_passages_that_may_be_shown(
    mode: Mode, corpus: tuple[Ranker, str, Vectors, Mask | None]
) -> None:
    index, words, vector, only = corpus
    for hit in rank(index, mode, words, vector, 100, only):
        own = [number for number in np.flatnonzero(index.postings.lesson_of == hit.lesson) if index.shown[number]]
        assert set(hit.passages) <= set(own)
        assert len(hit.passages) == len(set(hit.passages)) == min(len(own), _PASSAGES_SHOWN)


@settings(max_examples=40, deadline=None)
@given(corpora())
def test_the_lexical_mode_ranks_every_lesson_with_a_word_by_its_bm25f(
    corpus: tuple[Ranker, str, Vectors, Mask | None],
) -> None:
    index, words, vector, only = corpus
    lexical, _, _ = leg_scores(index, words, vector)
    expected = sorted(
        (-score, lesson) for lesson, score in enumerate(lexical) if score > 0 and (only is None or only[lesson])
    )
    hits = rank(index, Mode.LEXICAL, words, vector, 100, only)
    assert [(-hit.score, hit.lesson) for hit in hits] == expected
    assert [hit.lexical for hit in hits] == [Standing(place, hit.score) for place, hit in enumerate(hits, 1)]
    assert all(hit.semantic is None for hit in hits)


@settings(max_examples=40, deadline=None)
@given(corpora())
def test_the_semantic_mode_ranks_every_near_lesson_by_its_nearest_passage(
    corpus: tuple[Ranker, str, Vectors, Mask | None],
) -> None:
    index, words, vector, only = corpus
    _, semantic, _ = leg_scores(index, words, vector)
    expected = sorted(
        (-score, lesson)
        for lesson, score in enumerate(semantic)
        if score >= _LEAST_COSINE and (only is None or only[lesson])
    )
    hits = rank(index, Mode.SEMANTIC, words, vector, 100, only)
    assert lessons_of(hits) == [lesson for _, lesson in expected]
    assert [-hit.score for hit in hits] == pytest.approx([score for score, _ in expected], abs=1e-5)
    assert [hit.semantic for hit in hits] == [Standing(place, hit.score) for place, hit in enumerate(hits, 1)]
    assert all(hit.lexical is None for hit in hits)


@settings(max_examples=40, deadline=None)
@given(corpora())
def test_the_hybrid_mode_ranks_near_and_well_covered_lessons_by_the_sum_of_both(
    corpus: tuple[Ranker, str, Vectors, Mask | None],
) -> None:
    index, words, vector, only = corpus
    lexical, semantic, coverage = leg_scores(index, words, vector)
    allowed = [lesson for lesson in range(len(lexical)) if only is None or only[lesson]]
    most = max((lexical[lesson] for lesson in allowed), default=0)
    low = min((semantic[lesson] for lesson in allowed), default=0)
    high = max((semantic[lesson] for lesson in allowed), default=0)
    expected = {
        lesson: LEXICAL_WEIGHT * (lexical[lesson] / most if most else 0)
        + (1 - LEXICAL_WEIGHT) * ((semantic[lesson] - low) / (high - low) if high > low else 1)
        for lesson in allowed
        if semantic[lesson] >= _LEAST_COSINE or coverage[lesson] >= _LEAST_COVERAGE
    }
    hits = rank(index, Mode.HYBRID, words, vector, 100, only)
    assert {hit.lesson: hit.score for hit in hits} == pytest.approx(expected, abs=1e-5)


@settings(max_examples=40, deadline=None)
@given(corpora())
def test_each_standing_is_the_place_and_score_in_that_legs_own_ranking(
    corpus: tuple[Ranker, str, Vectors, Mask | None],
) -> None:
    index, words, vector, only = corpus
    lexical = {hit.lesson: hit.lexical for hit in rank(index, Mode.LEXICAL, words, vector, 100, only)}
    semantic = {hit.lesson: hit.semantic for hit in rank(index, Mode.SEMANTIC, words, vector, 100, only)}
    for hit in rank(index, Mode.HYBRID, words, vector, 100, only):
        assert hit.lexical == lexical.get(hit.lesson)
        assert hit.semantic is not None
        if hit.lesson in semantic:
            assert hit.semantic == semantic[hit.lesson]
        else:
            assert hit.semantic.rank > len(semantic)
            assert hit.semantic.score < _LEAST_COSINE


@pytest.mark.parametrize("mode", MODES)
def test_an_empty_index_has_an_empty_ranking(mode: Mode) -> None:
    assert rank(ranker(), mode) == []
    assert rank(ranker(), mode, only=np.zeros(0, bool)) == []


@pytest.mark.parametrize("mode", MODES)
def test_a_mask_that_allows_nothing_leaves_nothing(mode: Mode) -> None:
    index = ranker([Part("error", NORTH)], [Part("error proof", NORTH)])
    assert rank(index, mode, only=np.zeros(2, bool)) == []


@pytest.mark.parametrize("mode", MODES)
def test_a_mask_leaves_the_others_in_their_order(mode: Mode) -> None:
    # The fewer words beside "error" and the nearer the vector, the better: lesson 3 is best, then 2, 1, 0.
    parts = [[Part("error" + " ink" * (4 - number), at(0.5 + number / 10))] for number in range(4)]
    index = ranker(*parts)
    assert lessons_of(rank(index, mode)) == [3, 2, 1, 0]
    assert lessons_of(rank(index, mode, only=np.array([True, False, True, False]))) == [2, 0]


@pytest.mark.parametrize("mode", MODES)
def test_a_removed_lesson_is_never_returned(mode: Mode) -> None:
    old = ranker([Part("error ink", at(0.8))], [Part("error", NORTH)], [Part("error ink ink", at(0.7))])
    assert lessons_of(rank(old, mode)) == [1, 0, 2]
    assert old.vectors is not None
    vectors = VectorIndex.from_vectors(old.vectors.vectors()[[0, 2]])
    now = Ranker(old.postings.updated([0, 2], NewPostings()), vectors, old.shown[[0, 2]])
    hits = rank(now, mode)
    assert lessons_of(hits) == [0, 1]
    assert [hit.passages for hit in hits] == [(0,), (1,)]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("count", [7, 1000])
def test_equal_lessons_come_in_the_order_of_their_paths(mode: Mode, count: int) -> None:
    index = ranker(*[[Part("error", NORTH)] for _ in range(count)])
    assert lessons_of(rank(index, mode)) == [0, 1, 2, 3, 4]
    only = np.ones(count, bool)
    only[[0, 2]] = False
    assert lessons_of(rank(index, mode, only=only)) == [1, 3, 4, 5, 6]


@pytest.mark.parametrize("mode", MODES)
def test_equal_standings_count_by_path(mode: Mode) -> None:
    index = ranker(*[[Part("error", NORTH)] for _ in range(3)])
    for place, hit in enumerate(rank(index, mode), 1):
        for standing in (hit.lexical, hit.semantic):
            assert standing is None or standing.rank == place


def test_an_irrelevant_lesson_is_left_out() -> None:
    index = ranker(
        [Part("error proof", at(0.9))],
        [Part("ink", at(_LEAST_COSINE - 0.01))],
        [Part("ink", at(_LEAST_COSINE + 0.01))],
        [Part("paper", at(-1))],
    )
    assert lessons_of(rank(index, Mode.LEXICAL, "error proof")) == [0]
    assert lessons_of(rank(index, Mode.SEMANTIC)) == [0, 2]
    assert lessons_of(rank(index, Mode.HYBRID, "error proof")) == [0, 2]


def test_a_query_that_fits_nothing_has_no_hits() -> None:
    index = ranker([Part("error", EAST)], [Part("proof", EAST)])
    assert rank(index, Mode.HYBRID, "unknown", UP) == []
    assert rank(index, Mode.SEMANTIC, vector=UP) == []
    assert rank(index, Mode.LEXICAL, "unknown") == []


def test_a_far_lesson_with_the_querys_words_is_found_by_them() -> None:
    index = ranker([Part("proof print", EAST)], [Part("ink", EAST)])
    (hit,) = rank(index, Mode.HYBRID, "proof print")
    assert hit.lesson == 0
    assert hit.lexical is not None


def test_one_common_word_of_many_does_not_make_a_far_lesson_relevant() -> None:
    index = ranker([Part("error", EAST)], [Part("error proof", EAST)], [Part("error ink", EAST)])
    assert rank(index, Mode.HYBRID, "error unknown1 unknown2 unknown3") == []


def test_a_near_lesson_without_the_words_is_found_by_its_meaning() -> None:
    (hit,) = rank(ranker([Part("ink", NORTH)], [Part("paper", EAST)]), Mode.HYBRID, "error")
    assert (hit.lesson, hit.lexical) == (0, None)
    assert hit.semantic is not None
    assert [hit.semantic.rank, hit.semantic.score] == pytest.approx([1, 1])


def test_a_query_without_terms_is_answered_by_meaning() -> None:
    index = ranker([Part("error", at(0.5))], [Part("ink", NORTH)])
    assert index.rank([], NORTH, 5) == rank(index, Mode.SEMANTIC)
    assert lessons_of(index.rank([], NORTH, 5)) == [1, 0]


def test_without_vectors_words_answer() -> None:
    full = ranker([Part("ink", NORTH)], [Part("error", EAST)])
    index = Ranker(full.postings, None, full.shown)
    assert index.rank(["error"], NORTH, 5) == rank(full, Mode.LEXICAL)
    assert lessons_of(index.rank(["error"], NORTH, 5)) == [1]


def test_a_lesson_is_as_near_as_its_nearest_passage() -> None:
    index = ranker([Part(vector=at(0.6)), Part(vector=at(0.6))], [Part(vector=EAST), Part(vector=at(0.9))])
    hits = rank(index, Mode.SEMANTIC)
    assert lessons_of(hits) == [1, 0]
    assert [hit.score for hit in hits] == pytest.approx([0.9, 0.6])


def test_the_best_passages_come_first_and_at_most_three() -> None:
    parts = [
        Part("ink ink", at(0.1)),
        Part("error", at(0.3)),
        Part("ink", at(0.9)),
        Part("error", NORTH),
        Part("error"),
    ]
    (by_words,) = rank(ranker(parts), Mode.LEXICAL)
    (by_meaning,) = rank(ranker(parts), Mode.SEMANTIC)
    (by_both,) = rank(ranker(parts), Mode.HYBRID)
    assert by_words.passages == (1, 3, 4), "of equals the first"
    assert by_meaning.passages == (3, 2, 1)
    assert by_both.passages == (3, 1, 2), "all of both; all words and .6; no words and .9"


@pytest.mark.parametrize("mode", [Mode.SEMANTIC, Mode.HYBRID])
def test_a_statement_leads_to_its_lesson_and_is_not_shown(mode: Mode) -> None:
    stated = [Part(vector=NORTH, shown=False), Part("ink", EAST), Part("ink", at(0.2))]
    index = ranker([Part("paper", at(0.5))], stated)
    hits = rank(index, mode)
    assert lessons_of(hits) == [1, 0]
    assert hits[0].semantic is not None
    assert [hits[0].semantic.rank, hits[0].semantic.score] == pytest.approx([1, 1])
    assert hits[0].passages == (3, 2)


@pytest.mark.parametrize("mode", [Mode.SEMANTIC, Mode.HYBRID])
def test_a_lesson_that_has_nothing_but_statements_shows_them(mode: Mode) -> None:
    (hit,) = rank(ranker([Part(vector=at(0.5), shown=False), Part(vector=NORTH, shown=False)]), mode)
    assert hit.passages == (1, 0)


def test_the_words_of_a_statement_lead_to_its_lesson_too() -> None:
    index = ranker(
        [Part("ink")],
        [Part(shown=False), Part("paper")],
        fields={1: {Field.ANSWERS: "error proof"}},
    )
    (hit,) = rank(index, Mode.LEXICAL, "error")
    assert (hit.lesson, hit.passages) == (1, (2,))


@pytest.mark.parametrize("mode", MODES)
def test_a_lesson_found_by_its_title_shows_its_passages(mode: Mode) -> None:
    index = ranker([Part("ink"), Part("paper")], [Part("print")], fields={0: {Field.TITLE: "error"}})
    hits = rank(index, mode, vector=EAST)
    assert hits[0].lesson == 0
    assert hits[0].passages == (0, 1)


@pytest.mark.parametrize("mode", [Mode.LEXICAL, Mode.HYBRID])
def test_a_lesson_without_any_passage_is_found_by_its_title(mode: Mode) -> None:
    index = ranker([], [Part("ink", NORTH)], fields={0: {Field.TITLE: "error"}})
    hits = {hit.lesson: hit for hit in rank(index, mode)}
    assert all(np.isfinite(hit.score) for hit in hits.values())
    assert hits[0].passages == ()
    assert hits[0].semantic is None
