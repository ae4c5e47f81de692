"""Pairs: words that stand next to each other as in the query, compared with a look through the texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.page import _MOST_PAIRS, telling_pairs
from search.postings import (
    _FIELDS_WITH_PAIRS,
    _K1,
    _PAIR_WEIGHT,
    Field,
    LessonTerms,
    NewPostings,
    Pair,
    Postings,
    saturated,
)
from search.snippet import matched_words

Corpus = Mapping[str, LessonTerms]
WORDS = ["seal", "failure", "report", "valve"]
TERMS = st.lists(st.sampled_from(WORDS), max_size=9)
LESSONS = st.builds(
    LessonTerms,
    st.dictionaries(st.sampled_from([field for field in Field if field is not Field.BODY]), TERMS, max_size=4),
    st.lists(TERMS, max_size=3),
)
CORPORA = st.dictionaries(st.sampled_from(["a.md", "b.md", "c/d.md", "z.md"]), LESSONS, max_size=4)
PAIRS = st.dictionaries(st.tuples(st.sampled_from([*WORDS, "unheard"]), st.sampled_from(WORDS)), st.integers(1, 4))


def build(corpus: Corpus) -> Postings:
    new = NewPostings()
    for path, lesson in corpus.items():
        new.add(path, lesson)
    return Postings.empty().updated([None] * len(corpus), new)


def body(*passages: str) -> LessonTerms:
    return LessonTerms({}, [passage.split() for passage in passages])


def texts_of(lesson: LessonTerms) -> list[Sequence[str]]:
    """Return the texts in which neighbours mean something."""
    return [*lesson.passages, *(found for field, found in lesson.fields.items() if field in _FIELDS_WITH_PAIRS)]


def by_pairs(postings: Postings, pairs: Mapping[Pair, int]) -> list[float]:
    return list(postings.score({}, pairs).lessons.tolist())


@settings(max_examples=150, deadline=None)
@given(CORPORA, st.tuples(st.sampled_from(WORDS), st.sampled_from(WORDS)))
def test_a_pair_is_found_where_its_words_stand_next_to_each_other_in_one_text(corpus: Corpus, pair: Pair) -> None:
    postings = build(corpus)
    lessons = [corpus[path] for path in sorted(corpus)]
    having = [any(pair in pairwise(text) for text in texts_of(lesson)) for lesson in lessons]
    assert [score > 0 for score in by_pairs(postings, {pair: 1})] == having
    passages = [passage for lesson in lessons for passage in lesson.passages]
    scores = postings.score({}, {pair: 1}).passages
    assert [score > 0 for score in scores] == [pair in pairwise(passage) for passage in passages]


def test_a_pair_has_the_score_that_is_worked_by_hand() -> None:
    # Two lessons of equal length, so nothing is dampened; the pair stands twice in one of them.
    postings = build({"a.md": body("seal failure seal failure"), "b.md": body("failure seal valve valve")})
    idf = postings.idf("valve")  # as rare as the pair: one of two lessons
    expected = _PAIR_WEIGHT * saturated(3) * idf * 2 / (_K1 + 2)
    assert by_pairs(postings, {("seal", "failure"): 3}) == pytest.approx([expected, 0])


def test_the_order_of_the_words_counts_and_what_ends_a_text_begins_no_pair() -> None:
    postings = build(
        {"a.md": body("failure seal"), "b.md": body("report seal", "failure"), "c.md": body("seal failure")}
    )
    assert [score > 0 for score in by_pairs(postings, {("seal", "failure"): 1})] == [False, False, True]


def test_words_next_to_each_other_are_worth_more_than_the_same_words_apart() -> None:
    postings = build({"a.md": body("seal valve failure"), "b.md": body("seal failure valve")})
    apart, together = postings.score({"seal": 1, "failure": 1}, {("seal", "failure"): 1}).lessons
    assert together > apart > 0


def test_tags_are_no_neighbours() -> None:
    tagged = LessonTerms({Field.TAGS: ["seal", "failure"], Field.OTHER: ["seal", "failure"]}, [])
    assert by_pairs(build({"a.md": tagged}), {("seal", "failure"): 1}) == [0]
    titled = LessonTerms({Field.TITLE: ["seal", "failure"]}, [])
    assert by_pairs(build({"a.md": titled}), {("seal", "failure"): 1})[0] > 0


@settings(max_examples=60, deadline=None)
@given(CORPORA, CORPORA, PAIRS)
def test_an_update_knows_the_pairs_that_a_rebuild_knows(
    before: Corpus, changes: Corpus, pairs: Mapping[Pair, int]
) -> None:
    old, after = sorted(before), {**before, **changes}
    new = NewPostings()
    for path, lesson in changes.items():
        new.add(path, lesson)
    kept = [None if path in changes else old.index(path) for path in sorted(after)]
    assert by_pairs(build(before).updated(kept, new), pairs) == by_pairs(build(after), pairs)


@settings(max_examples=60, deadline=None)
@given(CORPORA, PAIRS, st.dictionaries(st.sampled_from(WORDS), st.integers(1, 3)))
def test_words_and_pairs_add_up_to_the_score(
    corpus: Corpus, pairs: Mapping[Pair, int], asked: Mapping[str, int]
) -> None:
    postings = build(corpus)
    numbers = range(len(corpus))
    added = postings.contributions(asked, numbers, pairs)
    assert [sum(names.values()) for names in added] == pytest.approx(
        postings.score(asked, pairs).lessons.tolist(), abs=1e-5
    )


def test_positions_are_read_as_they_were_written(tmp_path: Path) -> None:
    postings = build({"a.md": body("seal failure report", "valve seal failure"), "b.md": body("seal report failure")})
    postings.write(tmp_path)
    pairs = {("seal", "failure"): 1, ("report", "failure"): 1}
    assert by_pairs(Postings.read(tmp_path), pairs) == by_pairs(postings, pairs)


def test_a_query_pairs_its_telling_neighbours_and_of_a_page_those_that_tell_most() -> None:
    postings = build({"a.md": body("seal failure report"), "b.md": body("report"), "c.md": body("report")})
    asked = ["seal", "failure", "unheard", "report", "seal", "failure"]
    told = {"seal": 2, "failure": 2, "report": 1}
    assert telling_pairs(asked, told, postings) == {("seal", "failure"): 2, ("report", "seal"): 1}
    words = [f"word{number}" for number in range(200)]
    page = build({"a.md": body(" ".join(words)), "b.md": body(" ".join(words[:150]))})
    chosen = telling_pairs(words, Counter(words), page)
    assert len(chosen) == _MOST_PAIRS
    assert set(chosen) <= set(pairwise(words[149:])), "the rarer words tell more"


def test_a_pair_is_named_by_the_words_of_the_query() -> None:
    weights = {"seal": 0.2, "failur": 0.1, "seal failur": 0.3, "unheard": 1.0}
    assert matched_words("Seals: failures of a seal", weights) == {"Seals failures": 0.3, "Seals": 0.2, "failures": 0.1}
