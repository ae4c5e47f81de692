"""Small corpora, and the indexes by words that are made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import numpy as np
from hypothesis import strategies as st

from search.analysis.lesson_terms import Field, LessonTerms
from search.lexical.array_index import ArrayIndex
from search.lexical.index import LexicalIndex
from search.lexical.lexical_query import LexicalQuery
from search.lexical.new_postings import NewPostings
from search.lexical.postings import ARRAYS, Postings
from tests.plain_index import PlainLexical

Corpus = Mapping[str, LessonTerms]

WORDS = st.sampled_from(["brochure", "error", "proof", "print", "dealer", "shop", "ink", "überprüfung"])
TERMS = st.lists(WORDS, max_size=8)
LESSONS = st.builds(
    LessonTerms,
    st.dictionaries(st.sampled_from([field for field in Field if field is not Field.BODY]), TERMS, max_size=4),
    st.lists(TERMS, max_size=3),
    spellings=st.sets(WORDS, max_size=5),
)
PATHS = st.sampled_from([f"{name}.md" for name in ("a", "b", "c", "d/e", "d/f", "ä", "z")])
CORPORA = st.dictionaries(PATHS, LESSONS, max_size=6)
QUERIES = st.dictionaries(st.one_of(WORDS, st.just("unknown")), st.integers(1, 9), max_size=5)
Query = Mapping[str, int]


def build(corpus: Corpus, order: Iterable[str] = ()) -> Postings:
    """Build the index of a corpus whose lessons are read in some order."""
    new = NewPostings()
    for path in order or corpus:
        new.add(path, corpus[path])
    return new.merged_into(Postings.empty(), [None] * len(corpus))


def arrays(corpus: Corpus) -> ArrayIndex:
    """Index a corpus as kb does; a lesson's number is its place by path."""
    return ArrayIndex(build(corpus))


def plain(corpus: Corpus) -> PlainLexical:
    """Index a corpus in lists."""
    return PlainLexical([corpus[path] for path in sorted(corpus)])


MAKERS: Mapping[str, Callable[[Corpus], LexicalIndex]] = {"arrays": arrays, "plain": plain}
"""Every implementation of the index by words."""


def scores(index: LexicalIndex, query: LexicalQuery) -> list[float]:
    """Return the score of every lesson."""
    return [float(score) for score in index.match(query).scores.of(np.arange(index.lessons))]


def coverages(index: LexicalIndex, query: LexicalQuery) -> list[float]:
    """Return the coverage of every lesson."""
    return [float(share) for share in index.match(query).coverage.of(np.arange(index.lessons))]


def passage_scores(index: LexicalIndex, query: LexicalQuery) -> list[list[float]]:
    """Return the scores of the passages of every lesson."""
    match = index.match(query)
    return [[float(score) for score in match.of_passages(lesson)] for lesson in range(index.lessons)]


def body(*passages: str) -> LessonTerms:
    words = [passage.split() for passage in passages]
    return LessonTerms({}, words, spellings={word for found in words for word in found})


def words(lesson: LessonTerms) -> list[str]:
    return [term for terms in (*lesson.fields.values(), *lesson.passages) for term in terms]


def assert_equal(one: Postings, other: Postings) -> None:
    assert list(one.terms) == list(other.terms)
    for name in ARRAYS:
        ours, theirs = getattr(one, name), getattr(other, name)
        assert ours.dtype == theirs.dtype, name
        assert ours.tolist() == theirs.tolist(), name
