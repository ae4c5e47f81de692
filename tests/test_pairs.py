"""Pairs: words that stand next to each other in a lesson as in the query."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.analysis.lesson_terms import Field, LessonTerms
from search.lexical.array_index import ArrayIndex
from search.lexical.bm25f import FIELDS_WITH_PAIRS, query_weight
from search.lexical.lexical_query import LexicalQuery, Pair
from search.lexical.new_postings import NewPostings
from search.lexical.postings import Postings
from search.query.page import informative_pairs, informative_terms
from search.query.wording import written_words
from search.ranking.snippet import matched_words
from tests.postings import arrays, body, build, passage_scores, scores


def having(pair: Pair, *lessons: LessonTerms) -> list[bool]:
    index = arrays({f"{number:05}.md": lesson for number, lesson in enumerate(lessons)})
    found = [score > 0 for score in scores(index, LexicalQuery(pairs={pair: 1}))]
    assert index.having(pair).tolist() == [number for number, has in enumerate(found) if has]
    return found


def test_a_pair_is_the_second_word_next_behind_the_first() -> None:
    texts = ["ink proof print", "proof print", "print proof", "proof ink print", "proof", "print"]
    assert having(("proof", "print"), *map(body, texts)) == [True, True, False, False, False, False]


def test_a_word_may_be_paired_with_itself() -> None:
    index = arrays({"a.md": body("ink ink ink"), "b.md": body("ink proof ink")})
    first, second = index.contributions(LexicalQuery(pairs={("ink", "ink"): 1}), [0, 1])
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
    assert having(("proof", "print"), lesson, body("ink")) == [field in FIELDS_WITH_PAIRS, False]
    assert Field.TAGS not in FIELDS_WITH_PAIRS, "tags stand next to each other by chance"


def test_a_pair_leads_to_its_passage() -> None:
    index = arrays({"a.md": body("proof ink print", "ink proof print", "print ink proof")})
    pair = {("proof", "print"): 1}
    first, second, third = passage_scores(index, LexicalQuery({"proof": 1, "print": 1}, pair))[0]
    assert second > max(first, third)
    assert passage_scores(index, LexicalQuery(pairs=pair))[0][::2] == [0, 0]


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
        assert ArrayIndex(each).having(("proof", "print")).tolist() == [0, 1]


def test_a_query_has_the_pairs_of_its_terms_with_their_frequencies() -> None:
    index = arrays({"a.md": body("error proof print"), "b.md": body("ink")})
    asked = ["error", "proof", "error", "proof", "unknown"]
    chosen = informative_terms(asked, index)
    assert informative_pairs(asked, chosen, index) == {
        ("error", "proof"): 2,
        ("proof", "error"): 1,
        ("proof", "unknown"): 1,
    }
    assert informative_pairs(asked, {"error": 1, "unknown": 1}, index) == {}, "neither over what was left out"
    assert informative_pairs([], {}, index) == informative_pairs(["error"], {"error": 1}, index) == {}


@settings(max_examples=50, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(0, 300))
def test_of_many_pairs_those_with_the_most_information_are_kept(dice: Random, length: int) -> None:
    words = [f"word{number}" for number in range(30)]
    index = arrays({f"{number}.md": body(" ".join(words[: 30 - 3 * number])) for number in range(10)})
    query = dice.choices(words[:12] + words, k=length)
    every, kept = Counter(pairwise(query)), informative_pairs(query, informative_terms(query, index), index)
    assert kept.items() <= every.items()
    assert len(kept) == min(len(every), 32)

    def information(pair: Pair) -> float:
        return query_weight(every[pair]) * (index.idf(pair[0]) + index.idf(pair[1]))

    left_out = [information(pair) for pair in every.keys() - kept.keys()]
    assert max(left_out, default=0) <= min(map(information, kept), default=0) + 1e-9


def test_a_matched_pair_is_said_in_the_querys_own_words() -> None:
    weights = {"proof": 1.0, "proof print": 3.0, "print": 2.0, "ink print": 9.0}
    assert list(matched_words(written_words("Proofs of prints"), weights).items()) == [
        ("Proofs prints", 3.0),
        ("prints", 2.0),
        ("Proofs", 1.0),
    ]
