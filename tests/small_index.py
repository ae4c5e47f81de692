"""Small indexes, built from nothing: real postings and real vectors of a few lessons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from search.analysis.lesson_terms import Field, LessonTerms
from search.lexical.array_index import ArrayIndex
from search.lexical.index import LexicalIndex
from search.lexical.lexical_query import LexicalQuery
from search.lexical.new_postings import NewPostings
from search.lexical.postings import Postings
from search.passage_numbers import PassageNumbers
from search.query.mode import Mode
from search.ranking.hits import Hit, Ranking
from search.ranking.priors import Priors
from search.ranking.question import EVERYWHERE, EncodedQuery, Scope
from search.ranking.ranker import Ranker
from search.semantic.flat_vectors import FlatVectors
from search.semantic.index import VectorIndex
from tests.plain_index import PlainLexical, PlainVectors

Vectors = NDArray[np.float32]
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


def array_index(lessons: Sequence[LessonTerms]) -> ArrayIndex:
    """Return the index by words of lessons, numbered in this order."""
    return ArrayIndex(postings_of(lessons))


def postings_of(lessons: Sequence[LessonTerms]) -> Postings:
    new = NewPostings()
    for number, lesson in enumerate(lessons):
        new.add(f"{number:05}.md", lesson)
    return new.merged_into(Postings.empty(), [None] * len(lessons))


@dataclass(frozen=True)
class Library:
    """Lessons with their words and vectors, before they are indexed."""

    terms: Sequence[LessonTerms]
    vectors: Sequence[Sequence[Vectors]]
    statements: Sequence[int]

    @classmethod
    def of(cls, lessons: Sequence[Sequence[Part]], fields: Mapping[int, Mapping[Field, str]]) -> Library:
        """Take lessons apart; `fields` are the words outside their bodies, by lesson."""
        terms = []
        for number, parts in enumerate(lessons):
            said = {of: text.split() for of, text in fields.get(number, {}).items()}
            terms.append(LessonTerms(said, [part.words.split() for part in parts]))
        statements = [sum(not part.shown for part in parts) for parts in lessons]
        return cls(terms, [[part.vector for part in parts] for parts in lessons], statements)

    def ranker(self, priors: Priors | None = None) -> Ranker:
        """Return a ranker over the indexes that kb has."""
        rows = [vector for vectors in self.vectors for vector in vectors]
        flat = FlatVectors(np.array(rows, np.float32).reshape(len(rows), DIMENSION), self.passages)
        return self._ranker(array_index(self.terms), flat, priors)

    def plain_ranker(self, priors: Priors | None = None) -> Ranker:
        """Return a ranker over the plain indexes."""
        vectors = [[[float(number) for number in vector] for vector in lesson] for lesson in self.vectors]
        return self._ranker(PlainLexical(self.terms), PlainVectors(vectors, DIMENSION), priors)

    @property
    def passages(self) -> PassageNumbers:
        return PassageNumbers(np.array([len(vectors) for vectors in self.vectors], np.int32))

    def _ranker(self, lexical: LexicalIndex, semantic: VectorIndex, priors: Priors | None) -> Ranker:
        return Ranker(lexical, semantic, self.passages, self.statements, priors or Priors.none(len(self.terms)))


def ranker(
    *lessons: Sequence[Part], fields: Mapping[int, Mapping[Field, str]] | None = None, priors: Priors | None = None
) -> Ranker:
    """Index lessons of such passages; `fields` are the words outside their bodies, by lesson."""
    return Library.of(lessons, fields or {}).ranker(priors)


def ranking(
    index: Ranker,
    mode: Mode,
    words: str = "error",
    vector: Vectors = NORTH,
    limit: int = 5,
    scope: Scope = EVERYWHERE,
    *,
    restricted: bool = False,
) -> Ranking:
    """Ask for words, for the meaning of one or several vectors, or for both."""
    terms = {} if mode is Mode.SEMANTIC else Counter(words.split())
    vectors = None if mode is Mode.LEXICAL else np.atleast_2d(vector)
    return index.rank(EncodedQuery(LexicalQuery(terms), vectors), limit, scope, restricted=restricted)


def rank(
    index: Ranker,
    mode: Mode,
    words: str = "error",
    vector: Vectors = NORTH,
    limit: int = 5,
    scope: Scope = EVERYWHERE,
) -> list[Hit]:
    return list(ranking(index, mode, words, vector, limit, scope).hits)


def lessons_of(hits: Sequence[Hit]) -> list[int]:
    return [hit.lesson for hit in hits]


def only(*allowed: bool) -> Scope:
    """Return the scope of some lessons, by number."""
    return Scope(np.flatnonzero(allowed))
