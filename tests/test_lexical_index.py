"""The contract of an index by words: that in arrays is held against the plain one, and both against worked figures."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.analysis.analyzer import Indexed
from search.analysis.lesson_terms import Field, LessonTerms
from search.lexical import bm25f
from search.lexical.index import LexicalIndex
from search.lexical.language import information
from search.lexical.lexical_query import LexicalQuery, Pair, Spelling
from tests.examples import examples
from tests.postings import MAKERS, Corpus, arrays, body, coverages, passage_scores, plain, scores
from tests.test_scores import assert_alike

Make = Callable[[Corpus], LexicalIndex]

WORD = st.sampled_from(["error", "proof", "print", "ink"])
ASKED = st.one_of(WORD, st.just("unknown"))
TEXT = st.lists(WORD, max_size=7)
OUTSIDE: list[Field] = [field for field in Field if field is not Field.BODY]


@st.composite
def lessons(draw: st.DrawFn) -> LessonTerms:
    """A lesson of a few fields and passages, some with a name at their first word."""
    fields = draw(st.dictionaries(st.sampled_from(OUTSIDE), TEXT, max_size=3))
    passages = draw(st.lists(TEXT, max_size=3))
    texts: dict[tuple[Field, int], list[str]] = {(field, 0): words for field, words in fields.items()}
    texts |= {(Field.BODY, place): words for place, words in enumerate(passages)}
    is_named = draw(st.lists(st.booleans(), min_size=len(texts), max_size=len(texts)))
    named = [place for place, name in zip(texts, is_named, strict=True) if name and texts[place]]
    spellings = {word for words in texts.values() for word in words}
    return LessonTerms(fields, passages, {place: [(0, "proofread")] for place in named}, spellings)


CORPORA = st.lists(lessons(), max_size=5).map(lambda some: {f"{number}.md": one for number, one in enumerate(some)})
TERMS = st.dictionaries(st.one_of(ASKED, st.just("proofread")), st.sampled_from([0.2, 1.0, 2.0, 9.0]), max_size=4)
PAIRS = st.dictionaries(st.tuples(ASKED, ASKED), st.sampled_from([0.5, 1.0, 3.0]), max_size=3)


@st.composite
def queries(draw: st.DrawFn) -> LexicalQuery:
    terms, pairs = draw(TERMS), draw(PAIRS)
    identifiers = draw(st.lists(ASKED, max_size=2))
    others: list[str | Pair] = [*terms, *pairs, "proofread"]
    stands_for = draw(st.dictionaries(st.sampled_from(others), st.sets(ASKED), max_size=2))
    return LexicalQuery(terms, pairs, tuple(identifiers), stands_for)


@pytest.fixture(params=MAKERS)
def make(request: pytest.FixtureRequest) -> Make:
    return MAKERS[request.param]


@settings(max_examples=examples(150), deadline=None)
@given(CORPORA, queries())
def test_arrays_find_what_lists_find(corpus: Corpus, query: LexicalQuery) -> None:
    ours, theirs = arrays(corpus).match(query), plain(corpus).match(query)
    assert_alike(ours.scores, theirs.scores, len(corpus))
    assert_alike(ours.coverage, theirs.coverage, len(corpus))
    assert ours.information == pytest.approx(theirs.information)
    every = np.arange(len(corpus))
    assert ours.identified(every).tolist() == theirs.identified(every).tolist()
    for lesson in range(len(corpus)):
        assert ours.of_passages(lesson) == pytest.approx(theirs.of_passages(lesson), rel=1e-4)


@settings(deadline=None)
@given(CORPORA, queries())
def test_arrays_explain_what_lists_explain(corpus: Corpus, query: LexicalQuery) -> None:
    ours, theirs = arrays(corpus), plain(corpus)
    numbers = [*range(len(corpus)), *range(len(corpus))]
    for mine, other in zip(ours.contributions(query, numbers), theirs.contributions(query, numbers), strict=True):
        assert mine == pytest.approx(other, rel=1e-4)
    for lesson in range(len(corpus)):
        found = ours.weight_in_passages(query.terms, lesson)
        assert found.tolist() == pytest.approx(theirs.weight_in_passages(query.terms, lesson).tolist())


@settings(deadline=None)
@given(CORPORA, st.one_of(ASKED, st.just("proofread"), st.tuples(ASKED, ASKED)), st.lists(ASKED, max_size=4))
def test_arrays_know_what_lists_know(corpus: Corpus, asked: str | tuple[str, str], phrase: list[str]) -> None:
    ours, theirs = arrays(corpus), plain(corpus)
    assert ours.lessons == theirs.lessons == len(corpus)
    assert ours.having(asked).tolist() == theirs.having(asked).tolist()
    assert ours.having_phrase(phrase).tolist() == theirs.having_phrase(phrase).tolist()
    if isinstance(asked, str):
        assert ours.knows(asked) == theirs.knows(asked)
        assert ours.idf(asked) == pytest.approx(theirs.idf(asked))


@settings(deadline=None)
@given(CORPORA, st.text("abeorst", max_size=6), st.integers(0, 3), st.sampled_from(["", "e", "pr", "x"]))
def test_arrays_find_the_spellings_that_lists_find(corpus: Corpus, word: str, most: int, prefix: str) -> None:
    assert arrays(corpus).similar_spellings(word, most, prefix) == plain(corpus).similar_spellings(word, most, prefix)


@settings(deadline=None)
@given(CORPORA.filter(bool), queries(), st.data())
def test_with_fewer_answers_both_find_the_same(corpus: Corpus, query: LexicalQuery, data: st.DataObject) -> None:
    lesson = data.draw(st.integers(0, len(corpus) - 1))
    old = corpus[f"{lesson}.md"]
    before = Indexed(list(old.fields.get(Field.ANSWERS, [])), list(old.further.get((Field.ANSWERS, 0), [])), set())
    after = Indexed([word for word in before.words if data.draw(st.booleans())], [], set())
    ours = arrays(corpus).with_answers(lesson, before, after).match(query)
    theirs = plain(corpus).with_answers(lesson, before, after).match(query)
    assert_alike(ours.scores, theirs.scores, len(corpus))
    assert_alike(ours.coverage, theirs.coverage, len(corpus))


def test_a_score_worked_by_hand(make: Make) -> None:
    index = make({"a.md": body("error error proof print"), "b.md": body("dealer print")})
    query = LexicalQuery({"error": 1})
    # Lengths 4 and 2, mean 3: relative length 1 - .75 + .75 * 4/3 = 1.25, so 2 occurrences count 1.6.
    # One lesson of two has the term: idf = ln(1 + 1.5 / 1.5) = ln 2. ln 2 * 1.6 / (1.2 + 1.6) = .39608.
    assert scores(index, query) == pytest.approx([0.39608, 0], abs=1e-5)
    assert passage_scores(index, query) == [pytest.approx([0.39608], abs=1e-5), [0]]
    assert coverages(index, query) == pytest.approx([1, 0])
    # The mean of .39608 and 0, and their standard deviation.
    statistics = index.match(query).scores.statistics
    assert tuple(statistics) == pytest.approx((2, 0, 0.39608, 0.19804, 0.19804), abs=1e-5)


def test_fields_are_weighed_and_dampened_before_they_are_summed(make: Make) -> None:
    titled = LessonTerms({Field.TITLE: ["error", "report"]}, [["error", "ink"]])
    index = make({"a.md": titled, "b.md": LessonTerms({Field.TITLE: ["ink", "shop"]}, [["print", "shop"]])})
    # All lengths are the mean: an occurrence counts 3 in the title, 1 in the body. ln 2 * 4 / (1.2 + 4) = .53319.
    assert scores(index, LexicalQuery({"error": 1})) == pytest.approx([0.53319, 0], abs=1e-5)


def test_a_pair_worked_by_hand(make: Make) -> None:
    index = make({"a.md": body("proof print"), "b.md": body("print proof")})
    # Half a word, as a fifth of ln 2 * 1 / (1.2 + 1) = .31507.
    assert scores(index, LexicalQuery(pairs={("proof", "print"): 1})) == pytest.approx([0.06301, 0], abs=1e-5)
    assert index.contributions(LexicalQuery(pairs={("proof", "print"): 1}), [0, 1]) == [
        pytest.approx({"proof print": 0.06301}, abs=1e-5),
        {},
    ]


def test_a_word_in_the_title_counts_more_than_one_in_the_body(make: Make) -> None:
    titled = LessonTerms({Field.TITLE: ["error", "report"]}, [["proof", "print"]])
    said = LessonTerms({Field.TITLE: ["proof", "print"]}, [["error", "report"]])
    in_body, in_title = scores(make({"a.md": said, "b.md": titled}), LexicalQuery({"error": 1}))
    assert in_title > in_body > 0


def test_an_unknown_term_adds_nothing_to_scores_and_takes_from_the_coverage(make: Make) -> None:
    index = make({"a.md": body("error proof"), "b.md": body("print")})
    known, both = LexicalQuery({"error": 1}), LexicalQuery({"error": 1, "unknown": 1})
    assert scores(index, both) == scores(index, known)
    assert passage_scores(index, both) == passage_scores(index, known)
    one, other = information("error", 1, 2), information("unknown", 0, 2)
    assert coverages(index, both) == pytest.approx([one / (one + other), 0])
    assert index.match(both).information == pytest.approx(one + other)
    assert scores(index, LexicalQuery({"unknown": 1})) == [0, 0]


def test_a_term_that_is_asked_twice_counts_more(make: Make) -> None:
    index = make({"a.md": body("error proof"), "b.md": body("print")})
    once, twice = LexicalQuery({"error": 1, "print": 1}), LexicalQuery({"error": 2, "print": 1})
    # (8 + 1) * 2 / (8 + 2) = 1.8.
    assert scores(index, twice) == pytest.approx([1.8 * scores(index, once)[0], scores(index, once)[1]])


def test_a_term_of_the_query_counts_less_with_every_repeat() -> None:
    counts = [bm25f.query_weight(times) for times in range(1, 50)]
    gains = [more - less for less, more in pairwise(counts)]
    assert counts[0] == 1
    assert gains == sorted(gains, reverse=True)
    assert min(gains) > 0
    assert bm25f.query_weight(100_000) < bm25f.K3 + 1


def test_a_term_that_every_lesson_has_still_scores_above_zero(make: Make) -> None:
    index = make({"a.md": body("error"), "b.md": body("error error print")})
    assert all(score > 0 for score in scores(index, LexicalQuery({"error": 1})))


def test_an_empty_index_answers_with_nothing(make: Make) -> None:
    index, query = make({}), LexicalQuery({"error": 1}, {("error", "print"): 1}, ("error",))
    assert scores(index, query) == coverages(index, query) == []
    assert index.match(query).scores.best(5).tolist() == []
    assert not index.knows("error")
    assert index.having("error").tolist() == index.having_phrase(["error"]).tolist() == []
    assert index.contributions(query, []) == []
    assert index.similar_spellings("error", 2) == []
    assert index.idf("error") == pytest.approx(np.log(2))


def test_an_empty_query_scores_zero(make: Make) -> None:
    index = make({"a.md": body("error", "print")})
    assert scores(index, LexicalQuery()) == coverages(index, LexicalQuery()) == [0]
    assert passage_scores(index, LexicalQuery()) == [[0, 0]]
    assert index.match(LexicalQuery()).information == 0


def test_contributions_are_of_the_lessons_that_were_asked_for_in_that_order(make: Make) -> None:
    tagged = LessonTerms({Field.TAGS: ["ink"]}, [["print"], ["proof"]])
    index = make({"a.md": body("error", "ink"), "b.md": tagged, "c.md": body("shop")})
    query = LexicalQuery({"ink": 3, "shop": 1})
    first, second, third = index.contributions(query, [0, 1, 2])
    assert [list(terms) for terms in (first, second, third)] == [["ink"], ["ink"], ["shop"]]
    assert index.contributions(query, [2, 0, 2]) == [third, first, third]
    assert index.contributions(LexicalQuery(), [0, 1]) == [{}, {}]
    assert sum(first.values()) == pytest.approx(scores(index, query)[0])


def test_a_term_has_the_more_information_the_fewer_lessons_have_it(make: Make) -> None:
    index = make({"a.md": body("error ink", "error"), "b.md": body("error proof"), "c.md": body("error proof")})
    # Of 3 lessons 3, 2, 1 and 0: ln(1 + .5/3.5), ln(1 + 1.5/2.5), ln(1 + 2.5/1.5), ln(1 + 3.5/.5).
    found = [index.idf(term) for term in ("error", "proof", "ink", "unknown")]
    assert found == pytest.approx([0.13353, 0.47000, 0.98083, 2.07944], abs=1e-5)


def test_names_are_found_at_their_words_and_make_no_passage_longer(make: Make) -> None:
    said = ["proof", "read", "system"]
    named = LessonTerms({}, [said], {(Field.BODY, 0): [(0, "proofread")]})
    index = make({"a.md": LessonTerms({}, [said]), "b.md": named})
    assert index.having("proofread").tolist() == [1]
    assert index.having(("proofread", "read")).tolist() == [1], "a name is where its first word is"
    first, second = scores(index, LexicalQuery({"proof": 1}))
    assert first == second


def test_a_term_that_stands_for_others_covers_them(make: Make) -> None:
    index = make({"a.md": body("proofread print"), "b.md": body("proof print"), "c.md": body("ink")})
    asked = {"proof": 1.0, "read": 1.0, "proofread": 0.2}
    covered = coverages(index, LexicalQuery(asked, stands_for={"proofread": {"proof", "read"}}))
    assert covered[0] == 1
    assert 0 < covered[1] < 1
    assert covered[2] == 0


def test_a_term_that_counts_less_covers_less_and_scores_less(make: Make) -> None:
    index = make({"a.md": body("proof"), "b.md": body("print")})
    whole, part = LexicalQuery({"proof": 1, "print": 1}), LexicalQuery({"proof": 1, "print": 0.1})
    assert coverages(index, part)[1] < coverages(index, part)[0]
    assert scores(index, part)[1] < scores(index, whole)[1] == scores(index, whole)[0] == scores(index, part)[0]


def test_spellings_are_counted_by_lesson(make: Make) -> None:
    index = make({"a.md": body("error proof"), "b.md": body("proof proof"), "c.md": LessonTerms({}, [])})
    assert index.similar_spellings("poorf", 9) == [Spelling("error", 1, 4), Spelling("proof", 2, 2)]
    assert index.similar_spellings("proof", 0) == [Spelling("proof", 2, 0)]


def test_an_identifier_is_marked_where_it_stands(make: Make) -> None:
    index = make({"a.md": body("ora-00942 ink"), "b.md": body("ink")})
    assert index.match(LexicalQuery(identifiers=("ora-00942", "other"))).identified(np.array([1, 0])).tolist() == [
        False,
        True,
    ]
