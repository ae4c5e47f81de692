"""Pairs: words that stand next to each other in a lesson as in the query."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.lexical.new_postings import NewPostings
from search.lexical.postings import (
    _FIELDS_WITH_PAIRS,
    _K1,
    _PAIR_WEIGHT,
    _WEIGHTS,
    Field,
    LessonTerms,
    Pair,
    Postings,
    saturated,
)
from search.query.page import _MOST_PAIRS, telling_pairs, telling_terms
from search.query.wording import written_words
from search.ranking.snippet import matched_words
from tests.postings import Corpus, body, build, in_field, relative_length

TERMS = st.lists(st.sampled_from(["error", "proof", "print", "ink"]), max_size=9)
LESSONS = st.builds(
    LessonTerms,
    st.dictionaries(st.sampled_from([field for field in Field if field is not Field.BODY]), TERMS, max_size=4),
    st.lists(TERMS, max_size=3),
)
CORPORA = st.dictionaries(st.sampled_from([f"{name}.md" for name in "abcdef"]), LESSONS, max_size=6)
WORD = st.sampled_from(["error", "proof", "print", "unknown"])
PAIRS = st.dictionaries(st.tuples(WORD, WORD), st.integers(1, 4), max_size=5)
Pairs = Mapping[Pair, int]


def runs(lesson: LessonTerms, field: Field) -> Sequence[Sequence[str]]:
    """Return what stands together in a field; of the body each passage by itself."""
    return lesson.passages if field is Field.BODY else [in_field(lesson, field)]


def by_formula(corpus: Corpus, pairs: Pairs) -> list[float]:
    """BM25F with a pair as a term that only some fields have."""
    scores = dict.fromkeys(sorted(corpus), 0.0)
    for pair, times in pairs.items():
        counts: dict[str, float] = {}
        for path, lesson in corpus.items():
            for field in _FIELDS_WITH_PAIRS:
                if found := sum(list(pairwise(run)).count(pair) for run in runs(lesson, field)):
                    lengths = [len(in_field(other, field)) for other in corpus.values()]
                    damped = found / relative_length(len(in_field(lesson, field)), lengths)
                    counts[path] = counts.get(path, 0.0) + _WEIGHTS[field] * damped
        told = math.log(1 + (len(corpus) - len(counts) + 0.5) / (len(counts) + 0.5))
        for path, count in counts.items():
            scores[path] += _PAIR_WEIGHT * saturated(times) * told * count / (_K1 + count)
    return list(scores.values())


@settings(max_examples=100, deadline=None)
@given(CORPORA, PAIRS)
def test_pairs_add_to_the_scores_what_the_formula_says(corpus: dict[str, LessonTerms], pairs: Pairs) -> None:
    assert build(corpus).score({}, pairs).lessons == pytest.approx(by_formula(corpus, pairs), rel=1e-4)


@settings(max_examples=100, deadline=None)
@given(CORPORA, st.dictionaries(WORD, st.integers(1, 3)), PAIRS)
def test_terms_and_pairs_contribute_what_adds_up_to_the_score(
    corpus: dict[str, LessonTerms], terms: Mapping[str, int], pairs: Pairs
) -> None:
    postings = build(corpus)
    added = postings.contributions(terms, range(len(corpus)), pairs)
    assert [sum(each.values()) for each in added] == pytest.approx(
        postings.score(terms, pairs).lessons.tolist(), rel=1e-4
    )
    assert {name for each in added for name in each} <= {*terms, *map(" ".join, pairs)}


def having(pair: Pair, *lessons: LessonTerms) -> list[bool]:
    postings = build({f"{number:05}.md": lesson for number, lesson in enumerate(lessons)})
    return [score > 0 for score in postings.score({}, {pair: 1}).lessons]


def test_a_pair_is_the_second_word_next_behind_the_first() -> None:
    texts = ["ink proof print", "proof print", "print proof", "proof ink print", "proof", "print"]
    assert having(("proof", "print"), *map(body, texts)) == [True, True, False, False, False, False]


def test_a_word_may_be_paired_with_itself() -> None:
    postings = build({"a.md": body("ink ink ink"), "b.md": body("ink proof ink")})
    first, second = postings.contributions({}, [0, 1], {("ink", "ink"): 1})
    assert list(first) == ["ink ink"]
    assert second == {}


def test_neighbours_stand_in_one_passage_and_in_one_field() -> None:
    apart = body("ink proof", "print ink")
    over_fields = LessonTerms({Field.TITLE: ["proof"], Field.SUMMARY: ["print"]}, [["proof"], ["print"]])
    assert having(("proof", "print"), apart, over_fields, body("ink", "proof print")) == [False, False, True]


@pytest.mark.parametrize("field", Field)
def test_pairs_are_looked_for_where_sentences_stand(field: Field) -> None:
    said = ["proof", "print"]
    lesson = LessonTerms({}, [said]) if field is Field.BODY else LessonTerms({field: said}, [["ink"]])
    assert having(("proof", "print"), lesson, body("ink")) == [field in _FIELDS_WITH_PAIRS, False]
    assert Field.TAGS not in _FIELDS_WITH_PAIRS, "tags stand next to each other by chance"


def test_a_pair_leads_to_its_passage() -> None:
    postings = build({"a.md": body("proof ink print", "ink proof print", "print ink proof")})
    scores = postings.score({"proof": 1, "print": 1}, {("proof", "print"): 1}).passages
    assert scores.argmax() == 1
    assert postings.score({}, {("proof", "print"): 1}).passages.tolist()[::2] == [0, 0]


def test_positions_beyond_what_is_counted_make_no_neighbours_of_the_next_passage() -> None:
    long = ["ink"] * 70_000 + ["proof"]
    assert having(("proof", "print"), LessonTerms({}, [long, ["print"]])) == [False]
    assert having(("ink", "print"), LessonTerms({}, [["ink"] * 65_536, ["print"]])) == [False]
    assert having(("ink", "ink"), LessonTerms({}, [long])) == [True]


def test_pairs_are_found_in_an_index_that_was_updated_and_read(tmp_path: Path) -> None:
    new = NewPostings()
    new.add("b.md", body("ink proof print", "print"))
    postings = new.merged_into(build({"a.md": body("proof print ink"), "c.md": body("print proof")}), [0, None, 1])
    postings.write(tmp_path)
    for each in (postings, Postings.read(tmp_path)):
        assert [score > 0 for score in each.score({}, {("proof", "print"): 1}).lessons] == [True, True, False]


def test_a_query_has_the_pairs_of_its_telling_terms_with_their_frequencies() -> None:
    postings = build({"a.md": body("error proof print"), "b.md": body("ink")})
    asked = ["error", "proof", "error", "proof", "unknown"]
    told = telling_terms(asked, postings)
    assert telling_pairs(asked, told, postings) == {
        ("error", "proof"): 2,
        ("proof", "error"): 1,
        ("proof", "unknown"): 1,
    }
    assert telling_pairs(asked, {"error": 1, "unknown": 1}, postings) == {}, "neither over what was left out"
    assert telling_pairs([], {}, postings) == telling_pairs(["error"], {"error": 1}, postings) == {}


@settings(max_examples=50, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(0, 300))
def test_of_many_pairs_those_are_kept_that_tell_most(dice: Random, length: int) -> None:
    words = [f"word{number}" for number in range(30)]
    postings = build({f"{number}.md": body(" ".join(words[: 30 - 3 * number])) for number in range(10)})
    query = dice.choices(words[:12] + words, k=length)
    every, kept = Counter(pairwise(query)), telling_pairs(query, telling_terms(query, postings), postings)
    assert kept.items() <= every.items()
    assert len(kept) == min(len(every), _MOST_PAIRS)

    def told(pair: Pair) -> float:
        return saturated(every[pair]) * (postings.idf(pair[0]) + postings.idf(pair[1]))

    left_out = [told(pair) for pair in every.keys() - kept.keys()]
    assert max(left_out, default=0) <= min(map(told, kept), default=0) + 1e-9


def test_a_matched_pair_is_said_in_the_querys_own_words() -> None:
    weights = {"proof": 1.0, "proof print": 3.0, "print": 2.0, "ink print": 9.0}
    assert list(matched_words(written_words("Proofs of prints"), weights).items()) == [
        ("Proofs prints", 3.0),
        ("prints", 2.0),
        ("Proofs", 1.0),
    ]
