"""Postings: BM25F from arrays is BM25F from the formula."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh.analysis import SpaceSeparatedTokenizer
from whoosh.fields import ID, TEXT, Schema
from whoosh.filedb.filestore import RamStorage
from whoosh.query import Term
from whoosh.scoring import BM25F

from search.lexical.coverage import coverage
from search.lexical.language import information
from search.lexical.postings import _B, _K1, _K3, _WEIGHTS, Field, LessonTerms, Postings, saturated
from tests.postings import (
    CORPORA,
    QUERIES,
    WORDS,
    Corpus,
    Query,
    body,
    build,
    idf,
    in_field,
    relative_length,
    told,
    words,
)


def asked(times: int) -> float:
    """How much a term of the query counts: BM25's k3."""
    return (_K3 + 1) * times / (_K3 + times)


def bm25f(corpus: Corpus, lesson: LessonTerms, query: Query) -> float:
    """Robertson and Zaragoza (2009): frequencies are weighed and dampened by field, then summed, then saturated."""
    score = 0.0
    for term, times in query.items():
        frequency = 0.0
        for field in Field:
            found = in_field(lesson, field)
            if term in found:
                lengths = [len(in_field(other, field)) for other in corpus.values()]
                frequency += _WEIGHTS[field] * found.count(term) / relative_length(len(found), lengths)
        score += asked(times) * idf(corpus, term) * frequency / (_K1 + frequency)
    return score


def bm25(corpus: Corpus, passage: Sequence[str], query: Query) -> float:
    lengths = [len(other) for lesson in corpus.values() for other in lesson.passages]
    score = 0.0
    for term, times in query.items():
        if term in passage:
            dampened = passage.count(term) / relative_length(len(passage), lengths)
            score += asked(times) * idf(corpus, term) * dampened / (_K1 + dampened)
    return score


def share_of_information(corpus: Corpus, lesson: LessonTerms, query: Query) -> float:
    """What the best passage has, with everything outside the body, of what the query tells."""
    every = sum(told(corpus, term) for term in query)
    front = {term for found in lesson.fields.values() for term in found}
    each = [sum(told(corpus, term) for term in query.keys() & {*front, *passage}) for passage in lesson.passages]
    return max(each, default=sum(told(corpus, term) for term in query.keys() & front)) / every if every else 0


@settings(max_examples=100, deadline=None)
@given(CORPORA, QUERIES)
def test_scores_are_those_of_the_formula(corpus: dict[str, LessonTerms], query: Query) -> None:
    scores = build(corpus).score(query)
    lessons = [corpus[path] for path in sorted(corpus)]
    passages = [passage for lesson in lessons for passage in lesson.passages]
    assert scores.lessons == pytest.approx([bm25f(corpus, lesson, query) for lesson in lessons], rel=1e-4)
    assert scores.passages == pytest.approx([bm25(corpus, passage, query) for passage in passages], rel=1e-4)
    covered = coverage(build(corpus), query)
    assert covered.lessons == pytest.approx(
        [share_of_information(corpus, lesson, query) for lesson in lessons], rel=1e-4
    )
    assert covered.information == pytest.approx(sum(told(corpus, term) for term in query))


def test_a_score_worked_by_hand() -> None:
    corpus = {"a.md": body("error error proof print"), "b.md": body("dealer print")}
    postings = build(corpus)
    scores = postings.score({"error": 1})
    # Lengths 4 and 2, mean 3: relative length 1 - .75 + .75 * 4/3 = 1.25, so 2 occurrences count 1.6.
    # One lesson of two has the term: idf = ln(1 + 1.5 / 1.5) = ln 2. ln 2 * 1.6 / (1.2 + 1.6) = .39608.
    assert scores.lessons == pytest.approx([0.39608, 0], abs=1e-5)
    assert scores.passages == pytest.approx([0.39608, 0], abs=1e-5)
    assert coverage(postings, {"error": 1}).lessons == pytest.approx([1, 0])


def test_one_field_is_scored_as_whoosh_scores_it_but_for_the_idf() -> None:
    # Whoosh has another idf and a constant factor, so only one term's scores can be compared, up to that
    # factor; and it rounds lengths above 10, so the lessons are short. Over fields it sums after saturating,
    # which is not BM25F: for that there is the formula above.
    dice = random.Random(5)
    texts = {f"{number:02}.md": " ".join(dice.choices("abcd", k=dice.randint(1, 10))) for number in range(40)}
    index = RamStorage().create_index(Schema(path=ID(stored=True), text=TEXT(analyzer=SpaceSeparatedTokenizer())))
    writer = index.writer()
    for path, text in texts.items():
        writer.add_document(path=path, text=text)
    writer.commit()
    postings = build({path: body(text) for path, text in texts.items()})
    with index.searcher(weighting=BM25F(B=_B, K1=_K1)) as searcher:
        for term in "abcd":
            ours = postings.score({term: 1}).lessons
            theirs = {hit["path"]: hit.score for hit in searcher.search(Term("text", term), limit=None)}
            assert len(theirs) > 20
            assert {path for path, score in zip(texts, ours, strict=True) if score > 0} == set(theirs)
            factors = [theirs[path] / score for path, score in zip(texts, ours, strict=True) if path in theirs]
            assert factors == pytest.approx([factors[0]] * len(factors), rel=1e-5)


@settings(max_examples=100, deadline=None)
@given(CORPORA, st.dictionaries(WORDS, st.floats(0.1, 9), max_size=4))
def test_what_each_passage_of_a_lesson_tells_is_the_sum_of_the_terms_it_has(
    corpus: dict[str, LessonTerms], weights: dict[str, float]
) -> None:
    postings = build(corpus)
    for number, path in enumerate(sorted(corpus)):
        expected = [sum(weights[term] for term in weights.keys() & set(passage)) for passage in corpus[path].passages]
        assert postings.told_in(weights, number).tolist() == pytest.approx(expected)


def test_a_word_in_the_title_counts_more_than_one_in_the_body() -> None:
    titled = LessonTerms({Field.TITLE: ["error", "report"]}, [["proof", "print"]])
    told = LessonTerms({Field.TITLE: ["proof", "print"]}, [["error", "report"]])
    scores = build({"a.md": told, "b.md": titled}).score({"error": 1}).lessons
    assert scores[1] > scores[0] > 0


def test_an_unknown_term_adds_nothing_to_scores_and_takes_from_the_coverage() -> None:
    postings = build({"a.md": body("error proof"), "b.md": body("print")})
    known, both = postings.score({"error": 1}), postings.score({"error": 1, "unknown": 1})
    assert both.lessons.tolist() == known.lessons.tolist()
    assert both.passages.tolist() == known.passages.tolist()
    known_told, unknown_told = information("error", 1, 2), information("unknown", 0, 2)
    covered = coverage(postings, {"error": 1, "unknown": 1})
    assert covered.lessons == pytest.approx([known_told / (known_told + unknown_told), 0])
    assert covered.information == pytest.approx(known_told + unknown_told)
    assert postings.score({"unknown": 1}).lessons.tolist() == [0, 0]


def test_a_term_that_is_asked_twice_counts_more() -> None:
    postings = build({"a.md": body("error proof"), "b.md": body("print")})
    once, twice = postings.score({"error": 1, "print": 1}), postings.score({"error": 2, "print": 1})
    assert twice.lessons == pytest.approx([asked(2) * once.lessons[0], once.lessons[1]])
    assert twice.passages == pytest.approx([asked(2) * once.passages[0], once.passages[1]])


def test_a_term_of_the_query_counts_less_with_every_repeat() -> None:
    counts = [saturated(times) for times in range(1, 50)]
    gains = [more - less for less, more in pairwise(counts)]
    assert counts[0] == 1
    assert gains == sorted(gains, reverse=True)
    assert min(gains) > 0
    assert saturated(100_000) < _K3 + 1


def test_a_lesson_that_has_every_term_covers_all_and_not_a_rounding_less() -> None:
    dice = random.Random(2)
    terms = [f"term{number}" for number in range(60)]
    others = {f"{number:02}.md": body(" ".join(dice.sample(terms, dice.randint(1, 40)))) for number in range(50)}
    postings = build({**others, "all.md": body(" ".join(terms))})
    for _ in range(50):
        query = dict.fromkeys(dice.sample(terms, dice.randint(1, 60)), 1)
        assert coverage(postings, query).lessons[-1] == 1


def test_a_term_that_every_lesson_has_still_scores_above_zero() -> None:
    scores = build({"a.md": body("error"), "b.md": body("error error print")}).score({"error": 1})
    assert np.all(scores.lessons > 0)


def test_an_empty_index_answers_with_nothing() -> None:
    postings = Postings.empty()
    scores = postings.score({"error": 1})
    assert (scores.lessons.tolist(), scores.passages.tolist()) == ([], [])
    assert coverage(postings, {"error": 1}).lessons.tolist() == []
    assert list(postings.terms) == []
    assert postings.number_of("error") is None
    assert len(postings.lesson_of) == len(postings.first_passage) == len(postings.having("error")) == 0
    assert postings.contributions({"error": 1}, []) == []
    assert postings.idf("error") == pytest.approx(math.log(2))


def test_an_empty_query_scores_zero() -> None:
    postings = build({"a.md": body("error", "print")})
    scores = postings.score({})
    assert (scores.lessons.tolist(), scores.passages.tolist()) == ([0], [0, 0])
    assert coverage(postings, {}).lessons.tolist() == [0]


def test_lessons_are_numbered_by_path_and_passages_in_order_whatever_was_read_first() -> None:
    corpus = {"b.md": body("x1", "x2"), "a.md": body("x3"), "c.md": body("x4", "x5", "x6")}
    postings = build(corpus, ["c.md", "b.md", "a.md"])
    assert postings.passages_of.tolist() == [1, 2, 3]
    assert postings.lesson_of.tolist() == [0, 1, 1, 2, 2, 2]
    assert postings.first_passage.tolist() == [0, 1, 3]
    assert postings.offset_in_lesson.tolist() == [0, 0, 1, 0, 1, 2]
    found = [int(np.argmax(postings.score({term: 1}).passages)) for term in ("x3", "x1", "x2", "x4", "x5", "x6")]
    assert found == [0, 1, 2, 3, 4, 5]


@settings(max_examples=100, deadline=None)
@given(CORPORA, QUERIES)
def test_what_the_terms_contribute_adds_up_to_the_score(corpus: dict[str, LessonTerms], query: Query) -> None:
    postings = build(corpus)
    numbers = range(len(corpus))
    added = postings.contributions(query, numbers)
    assert [sum(terms.values()) for terms in added] == pytest.approx(postings.score(query).lessons.tolist(), rel=1e-4)
    for path, terms in zip(sorted(corpus), added, strict=True):
        assert terms.keys() == query.keys() & set(words(corpus[path])), "in any field"
        assert all(weight > 0 for weight in terms.values())


def test_contributions_are_of_the_lessons_that_were_asked_for_in_that_order() -> None:
    tagged = LessonTerms({Field.TAGS: ["ink"]}, [["print"], ["proof"]])
    postings = build({"a.md": body("error", "ink"), "b.md": tagged, "c.md": body("shop")})
    query = {"ink": 3, "shop": 1}
    first, second, third = postings.contributions(query, [0, 1, 2])
    assert [list(terms) for terms in (first, second, third)] == [["ink"], ["ink"], ["shop"]]
    assert postings.contributions(query, [2, 0, 2]) == [third, first, third]
    assert postings.contributions({}, [0, 1]) == [{}, {}]
    assert first["ink"] == pytest.approx(asked(3) * postings.contributions({"ink": 1}, [0])[0]["ink"])


@settings(max_examples=50, deadline=None)
@given(CORPORA)
def test_having_finds_exactly_the_lessons_with_a_term_in_any_field(corpus: dict[str, LessonTerms]) -> None:
    postings = build(corpus)
    for term in [*postings.terms, "unknown"]:
        expected = [number for number, path in enumerate(sorted(corpus)) if term in words(corpus[path])]
        assert postings.having(term).tolist() == expected
        assert postings.idf(term) == pytest.approx(idf(corpus, term))


def test_a_term_tells_the_more_the_fewer_lessons_have_it() -> None:
    postings = build({"a.md": body("error ink", "error"), "b.md": body("error proof"), "c.md": body("error proof")})
    # Of 3 lessons 3, 2, 1 and 0: ln(1 + .5/3.5), ln(1 + 1.5/2.5), ln(1 + 2.5/1.5), ln(1 + 3.5/.5).
    told = [postings.idf(term) for term in ("error", "proof", "ink", "unknown")]
    assert told == pytest.approx([0.13353, 0.47000, 0.98083, 2.07944], abs=1e-5)


def test_spellings_are_those_of_the_lessons_and_counted_by_lesson() -> None:
    postings = build({"a.md": body("error proof"), "b.md": body("proof proof"), "c.md": LessonTerms({}, [])})
    counts = dict(zip(postings.spellings, postings.lessons_with_spelling.tolist(), strict=True))
    assert counts == {"error": 1, "proof": 2}


def test_names_are_found_at_their_words_and_make_no_passage_longer() -> None:
    words = ["proof", "read", "system"]
    named = LessonTerms({}, [words], {(Field.BODY, 0): [(0, "proofread")]})
    postings = build({"a.md": LessonTerms({}, [words]), "b.md": named})
    assert postings.having("proofread").tolist() == [1]
    assert postings.having(("proofread", "read")).tolist() == [1], "a name is where its first word is"
    assert postings.body_lengths.tolist() == [3, 3]


def test_a_term_that_stands_for_others_covers_them() -> None:
    postings = build({"a.md": body("proofread print"), "b.md": body("proof print"), "c.md": body("ink")})
    asked = {"proof": 1.0, "read": 1.0, "proofread": 0.2}
    covered = coverage(postings, asked, {"proofread": {"proof", "read"}}).lessons
    assert covered[0] == 1
    assert 0 < covered[1] < 1
    assert covered[2] == 0


def test_a_term_that_counts_less_tells_less_and_scores_less() -> None:
    postings = build({"a.md": body("proof"), "b.md": body("print")})
    whole, part = postings.score({"proof": 1, "print": 1}), postings.score({"proof": 1, "print": 0.1})
    covered = coverage(postings, {"proof": 1, "print": 0.1}).lessons
    assert covered[1] < covered[0]
    assert part.lessons[1] < whole.lessons[1] == whole.lessons[0] == part.lessons[0]
