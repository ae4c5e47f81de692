"""The ranker's contract, the same for words, for meaning and for both, over real postings and real vectors."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.analysis.lesson_terms import Field
from search.lexical.lexical_query import LexicalQuery
from search.query.mode import Mode
from search.ranking.calibration import LEXICAL_WEIGHT, Calibration, Scale
from search.ranking.fusion import USUAL_SHARPNESS, USUAL_SPREAD, Fusion
from search.ranking.hits import PASSAGES_SHOWN, Ranking, Standing
from search.ranking.priors import Priors
from search.ranking.question import EncodedQuery, Scope
from search.ranking.ranker import Ranker
from search.ranking.relevance import QueryCoverage
from search.scores import Statistics
from tests.small_index import (
    DIMENSION,
    EAST,
    MODES,
    NORTH,
    UP,
    Library,
    Part,
    Vectors,
    at,
    lessons_of,
    only,
    rank,
    ranker,
    ranking,
    unit,
)

Legs = tuple[list[float], list[float]]


@dataclass(frozen=True)
class Case:
    """An index, what is asked of it, and where."""

    index: Ranker
    plain: Ranker
    """The same over the plain indexes."""
    words: str
    vector: Vectors
    scope: Scope

    def ranking(self, mode: Mode, limit: int = 100) -> Ranking:
        return ranking(self.index, mode, self.words, self.vector, limit, self.scope)

    def allows(self, lesson: int) -> bool:
        return self.scope.lessons is None or lesson in self.scope.lessons

    def shown(self, lesson: int) -> list[int]:
        """Return the places of the passages of a lesson that it may show, statements only where there is no other."""
        own = self.index.passages.of(lesson)
        numbers = range(own.start, own.stop)
        allowed = [n for n in numbers if self.scope.passages is None or n in self.scope.passages]
        places = [number - own.start for number in allowed]
        return [place for place in places if place >= self.index.statements[lesson]] or places

    def query(self) -> LexicalQuery:
        return LexicalQuery({word: self.words.split().count(word) for word in self.words.split()})

    def weight(self) -> float:
        """Return how much the words count because some lesson has them, without the ranker."""
        match = self.index.lexical.match(self.query())
        terms = len(self.query().terms)
        return QueryCoverage(match.information, terms, float(match.coverage.statistics.highest)).weight()

    def legs(self) -> Legs:
        """Return for each lesson its BM25F and the cosine of its nearest passage, without the ranker."""
        assert self.plain.semantic is not None
        every = np.arange(self.index.lexical.lessons)
        words = self.plain.lexical.match(self.query())
        meaning = self.plain.semantic.match(self.vector, self.scope.passages)
        return words.scores.of(every).tolist(), meaning.scores.of(every).tolist()


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A few lessons with random words and random vectors, a query of one to three vectors, masks or none."""
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
    masks = [
        draw(st.one_of(st.none(), st.lists(st.booleans(), min_size=count, max_size=count)))
        for count in (len(lessons), sum(map(len, lessons)))
    ]
    scope = Scope(*(None if mask is None else np.flatnonzero(mask) for mask in masks))
    vectors = np.array([vector() for _ in range(draw(st.integers(1, 3)))])
    library = Library.of(lessons, answers)
    return Case(library.ranker(), library.plain_ranker(), query, vectors, scope)


@st.composite
def cases_with_priors(draw: st.DrawFn) -> Case:
    case = draw(cases())
    count = case.index.lexical.lessons
    if not count:
        return case
    number = st.integers(0, count - 1)
    added = st.dictionaries(number, st.floats(-0.05, 0.01), max_size=count)
    older_first = st.tuples(number, number).filter(lambda pair: pair[0] < pair[1])
    pairs = sorted(draw(st.sets(older_first, max_size=4))) if count > 1 else []
    priors = Priors(count, {"draft": draw(added), "evidence": draw(added)}, pairs)
    return replace(case, index=case.index._replace(priors=priors), plain=case.plain._replace(priors=priors))


@pytest.mark.slow
@pytest.mark.parametrize("mode", MODES)
@settings(max_examples=60, deadline=None)
@given(cases_with_priors(), st.integers(1, 10), st.booleans())
def test_over_plain_indexes_the_ranking_is_the_same(mode: Mode, case: Case, limit: int, restricted: bool) -> None:
    ours, theirs = (
        ranking(index, mode, case.words, case.vector, limit, case.scope, restricted=restricted).hits
        for index in (case.index, case.plain)
    )
    assert [hit.score for hit in ours] == pytest.approx([hit.score for hit in theirs], abs=1e-4)
    plain = {hit.lesson: hit for hit in theirs}
    last = min((hit.score for hit in theirs), default=0.0)
    for hit in ours:
        # Of lessons whose scores are equal but for rounding another may be the last.
        same = plain.get(hit.lesson)
        assert same or hit.score == pytest.approx(last, abs=1e-4)
        if same:
            assert hit.parts == pytest.approx(same.parts, abs=1e-4)
            assert hit.evidence == pytest.approx(same.evidence, abs=1e-4)
            assert (hit.lexical is None, hit.semantic is None) == (same.lexical is None, same.semantic is None)
            assert len(hit.passages) == len(same.passages)


@pytest.mark.slow
@pytest.mark.parametrize("mode", MODES)
@settings(max_examples=40, deadline=None)
@given(cases_with_priors(), st.integers(1, 10))
def test_a_ranking_is_sorted_without_repeats_within_its_limit_and_its_scope(mode: Mode, case: Case, limit: int) -> None:
    hits = case.ranking(mode, limit).hits
    assert len(hits) <= limit
    assert [(-hit.score, hit.lesson) for hit in hits] == sorted((-hit.score, hit.lesson) for hit in hits)
    assert len({hit.lesson for hit in hits}) == len(hits)
    assert all(np.isfinite(hit.score) for hit in hits)
    assert all(case.allows(hit.lesson) for hit in hits)
    assert hits == case.ranking(mode).hits[:limit], "a limit only cuts"


@pytest.mark.slow
@pytest.mark.parametrize("mode", MODES)
@settings(max_examples=40, deadline=None)
@given(cases_with_priors())
def test_a_score_is_the_sum_of_its_parts(mode: Mode, case: Case) -> None:
    for hit in case.ranking(mode).hits:
        assert hit.score == pytest.approx(sum(hit.parts.values()), abs=1e-5)
        legs = {Mode.LEXICAL: {"words"}, Mode.SEMANTIC: {"meaning"}, Mode.HYBRID: {"words", "meaning"}}[mode]
        assert legs <= set(hit.parts) <= legs | {"draft", "evidence", "replaces another"}


@pytest.mark.slow
@pytest.mark.parametrize("mode", MODES)
@settings(max_examples=40, deadline=None)
@given(cases())
def test_a_hit_shows_its_own_passages_that_may_be_shown(mode: Mode, case: Case) -> None:
    for hit in case.ranking(mode).hits:
        shown = case.shown(hit.lesson)
        assert set(hit.passages) <= set(shown)
        assert len(hit.passages) == len(set(hit.passages)) == min(len(shown), PASSAGES_SHOWN)


@settings(max_examples=40, deadline=None)
@given(cases())
def test_the_lexical_mode_ranks_every_lesson_with_a_word_by_its_bm25f(case: Case) -> None:
    lexical, _ = case.legs()
    expected = sorted((-score, lesson) for lesson, score in enumerate(lexical) if score > 0 and case.allows(lesson))
    hits = case.ranking(Mode.LEXICAL).hits
    assert lessons_of(hits) == [lesson for _, lesson in expected]
    assert [-hit.score for hit in hits] == pytest.approx([score for score, _ in expected], rel=1e-4)
    assert [hit.lexical for hit in hits] == [Standing(place, hit.score) for place, hit in enumerate(hits, 1)]
    assert all(hit.semantic is None for hit in hits)


@settings(max_examples=40, deadline=None)
@given(cases())
def test_the_semantic_mode_ranks_every_lesson_by_its_nearest_passage(case: Case) -> None:
    _, semantic = case.legs()
    expected = sorted(
        (-score, lesson) for lesson, score in enumerate(semantic) if np.isfinite(score) and case.allows(lesson)
    )
    hits = case.ranking(Mode.SEMANTIC).hits
    assert lessons_of(hits) == [lesson for _, lesson in expected]
    assert [-hit.score for hit in hits] == pytest.approx([score for score, _ in expected], abs=1e-5)
    assert [hit.semantic for hit in hits] == [Standing(place, hit.score) for place, hit in enumerate(hits, 1)]
    assert all(hit.lexical is None for hit in hits)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(cases())
def test_the_hybrid_mode_ranks_what_a_leg_saw_by_both_legs_over_the_whole_library(case: Case) -> None:
    lexical, semantic = (np.array(leg, np.float32) for leg in case.legs())
    statistics = Statistics.of(lexical), Statistics.of(semantic[np.isfinite(semantic)])
    fusion = Fusion(*statistics, case.weight())
    total = fusion.words(lexical) + fusion.meaning(semantic)
    expected = {
        lesson: total[lesson] / (total.max() or 1)
        for lesson in range(len(lexical))
        if case.allows(lesson) and (lexical[lesson] > 0 or np.isfinite(semantic[lesson]))
    }
    hits = case.ranking(Mode.HYBRID).hits
    assert {hit.lesson: hit.score for hit in hits} == pytest.approx(expected, abs=1e-4)


@settings(max_examples=40, deadline=None)
@given(cases())
def test_each_standing_is_the_place_and_score_in_that_legs_own_ranking(case: Case) -> None:
    lexical = {hit.lesson: hit.lexical for hit in case.ranking(Mode.LEXICAL).hits}
    semantic = {hit.lesson: hit.semantic for hit in case.ranking(Mode.SEMANTIC).hits}
    for hit in case.ranking(Mode.HYBRID).hits:
        assert hit.lexical == lexical.get(hit.lesson)
        assert hit.semantic == semantic.get(hit.lesson)


@settings(max_examples=30, deadline=None)
@given(cases())
def test_a_model_on_another_scale_gives_the_same_ranking(case: Case) -> None:
    scaled = case.index._replace(calibration=Calibration(scale=Scale(0, 7)))
    longer = replace(case, index=scaled, vector=case.vector * np.float32(7))
    ours, theirs = case.ranking(Mode.HYBRID).hits, longer.ranking(Mode.HYBRID).hits
    assert {hit.lesson: hit.score for hit in theirs} == pytest.approx({hit.lesson: hit.score for hit in ours}, abs=1e-4)
    evidence = {hit.lesson: hit.evidence for hit in ours}
    assert {hit.lesson: hit.evidence for hit in theirs} == pytest.approx(evidence, abs=1e-4)


def test_the_parts_of_a_score_are_as_worked_by_hand() -> None:
    index = ranker([Part("error", at(0.8))], [Part("error proof", at(0.5))], [Part("ink", at(0.2))])
    first, second, third = rank(index, Mode.HYBRID)
    assert lessons_of([first, second, third]) == [0, 1, 2]
    # Bodies of 1, 2 and 1 words, mean 4/3: relative lengths .8125 and 1.375. So "error" counts 1/.8125 = 1.2308
    # and 1/1.375 = .7273, saturated 1.2308 / (1.2 + 1.2308) = .50633 and .37736, times its idf ln(1 + 1.5/2.5).
    # BM25F of .23798, .17736 and 0 has a deviation of .10097; the nearest of the cosines .8, .5 and .2 stands 1.22474
    # deviations above their mean. Of a query of one word all is there, which counts in full.
    words = [LEXICAL_WEIGHT * score / 0.10097 for score in (0.23798, 0.17736)]
    sharpness = (1 - LEXICAL_WEIGHT) * 1.22474 / USUAL_SHARPNESS
    meaning = [sharpness * above / (0.24495 * USUAL_SPREAD) ** 0.5 for above in (0.6, 0.3)]
    best = words[0] + meaning[0]
    assert first.parts == pytest.approx({"words": words[0] / best, "meaning": meaning[0] / best}, rel=1e-3)
    assert second.parts == pytest.approx({"words": words[1] / best, "meaning": meaning[1] / best}, rel=1e-3)
    assert third.parts == pytest.approx({"words": 0, "meaning": 0})
    assert first.score == pytest.approx(1)


@pytest.mark.parametrize("mode", MODES)
def test_an_empty_index_has_an_empty_ranking(mode: Mode) -> None:
    assert ranking(ranker(), mode) == Ranking(())
    assert ranking(ranker(), mode, scope=only()) == Ranking(())


def test_nothing_asked_finds_nothing() -> None:
    index = ranker([Part("error", NORTH)])
    assert index.rank(EncodedQuery(), 5) == Ranking(())
    assert index._replace(semantic=None).rank(EncodedQuery(vectors=np.array([NORTH])), 5) == Ranking(())


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("count", [7, 1000])
def test_equal_lessons_come_in_the_order_of_their_paths(mode: Mode, count: int) -> None:
    index = ranker(*[[Part("error", NORTH)] for _ in range(count)])
    assert lessons_of(rank(index, mode)) == [0, 1, 2, 3, 4]
    scope = only(*(number not in (0, 2) for number in range(count)))
    assert lessons_of(rank(index, mode, scope=scope)) == [1, 3, 4, 5, 6]


@pytest.mark.parametrize("mode", MODES)
def test_equal_standings_count_by_path(mode: Mode) -> None:
    index = ranker(*[[Part("error", NORTH)] for _ in range(3)])
    for place, hit in enumerate(rank(index, mode), 1):
        for standing in (hit.lexical, hit.semantic):
            assert standing is None or standing.rank == place


def test_a_near_lesson_without_the_words_is_found_by_its_meaning() -> None:
    hit, _ = rank(ranker([Part("ink", NORTH)], [Part("paper", EAST)]), Mode.HYBRID, "error")
    assert (hit.lesson, hit.lexical) == (0, None)
    assert hit.semantic is not None
    assert [hit.semantic.rank, hit.semantic.score] == pytest.approx([1, 1])


def test_a_query_without_terms_is_answered_by_meaning() -> None:
    index = ranker([Part("error", at(0.5))], [Part("ink", NORTH)])
    assert rank(index, Mode.HYBRID, "") == rank(index, Mode.SEMANTIC)
    assert lessons_of(rank(index, Mode.HYBRID, "")) == [1, 0]


def test_without_vectors_words_answer() -> None:
    full = ranker([Part("ink", NORTH)], [Part("error", EAST)])
    hits = rank(full._replace(semantic=None), Mode.HYBRID)
    assert hits == rank(full, Mode.LEXICAL)
    assert lessons_of(hits) == [1]


def test_a_lesson_is_as_near_as_its_nearest_passage() -> None:
    index = ranker([Part(vector=at(0.6)), Part(vector=at(0.6))], [Part(vector=EAST), Part(vector=at(0.9))])
    hits = rank(index, Mode.SEMANTIC)
    assert lessons_of(hits) == [1, 0]
    assert [hit.score for hit in hits] == pytest.approx([0.9, 0.6])


def test_of_several_query_vectors_a_passage_counts_for_the_one_that_it_is_nearest_to() -> None:
    index = ranker([Part(vector=at(0.6))], [Part(vector=unit(0.1, 0, 0.9))], [Part(vector=unit(0.7, 0, 0.7))])
    together = rank(index, Mode.SEMANTIC, vector=np.array([NORTH, UP]))
    assert lessons_of(together) == [1, 2, 0]
    assert [hit.score for hit in together] == pytest.approx([0.9 / np.hypot(0.1, 0.9), np.sqrt(0.5), 0.6])
    assert together == rank(index, Mode.SEMANTIC, vector=np.array([UP, NORTH, UP])), "neither order nor number counts"
    (hit,) = rank(ranker([Part(vector=NORTH), Part(vector=UP)]), Mode.SEMANTIC, vector=np.array([EAST, UP]))
    assert hit.passages == (1, 0)


def test_the_best_passages_come_first_and_at_most_three() -> None:
    parts = [
        Part("ink ink", at(0.1)),
        Part("error", at(0.6)),
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
    assert hits[0].passages == (2, 1)


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
    assert (hit.lesson, hit.passages) == (1, (1,))


@pytest.mark.parametrize("mode", MODES)
def test_a_lesson_found_by_its_title_shows_its_passages(mode: Mode) -> None:
    index = ranker([Part("ink"), Part("paper")], [Part("print")], fields={0: {Field.TITLE: "error"}})
    hits = rank(index, mode, vector=EAST)
    assert hits[0].lesson == 0
    assert hits[0].passages == (0, 1)


@pytest.mark.parametrize("mode", [Mode.LEXICAL, Mode.HYBRID])
def test_a_lesson_without_any_passage_is_found_by_its_title(mode: Mode) -> None:
    index = ranker([], [Part("ink", NORTH)], fields={0: {Field.TITLE: "error"}})
    first = rank(index, mode)[0]
    assert first.lesson == 0
    assert first.parts["words"] > 0
    assert np.isfinite(first.score)
    assert first.passages == ()
    assert first.semantic is None
