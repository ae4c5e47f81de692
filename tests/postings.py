"""Small corpora as postings, and the parts of the formula that they are held against."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from hypothesis import strategies as st

from search.lexical.language import information
from search.lexical.new_postings import NewPostings
from search.lexical.postings import _ARRAYS, _B, Field, LessonTerms, Postings

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


def body(*passages: str) -> LessonTerms:
    words = [passage.split() for passage in passages]
    return LessonTerms({}, words, spellings={word for found in words for word in found})


def idf(corpus: Corpus, term: str) -> float:
    having = sum(term in words(lesson) for lesson in corpus.values())
    return math.log(1 + (len(corpus) - having + 0.5) / (having + 0.5))


def words(lesson: LessonTerms) -> list[str]:
    return [term for terms in (*lesson.fields.values(), *lesson.passages) for term in terms]


def in_field(lesson: LessonTerms, field: Field) -> list[str]:
    if field is Field.BODY:
        return [term for passage in lesson.passages for term in passage]
    return list(lesson.fields.get(field, ()))


def relative_length(length: int, lengths: Iterable[int]) -> float:
    filled = [length for length in lengths if length]
    return 1 - _B + _B * length / (sum(filled) / len(filled))


def told(corpus: Corpus, term: str) -> float:
    """How much a term tells, in the library and in the language."""
    return information(term, sum(term in words(lesson) for lesson in corpus.values()), len(corpus))


def assert_equal(one: Postings, other: Postings) -> None:
    assert list(one.terms) == list(other.terms)
    for name in _ARRAYS:
        ours, theirs = getattr(one, name), getattr(other, name)
        assert ours.dtype == theirs.dtype, name
        assert ours.tolist() == theirs.tolist(), name
