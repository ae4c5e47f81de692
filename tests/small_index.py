"""Small indexes, built from nothing: real postings and real vectors of a few lessons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from search.lexical.new_postings import NewPostings
from search.lexical.postings import Field, LessonTerms, Postings
from search.mode import Mode
from search.ranking.priors import Priors
from search.ranking.ranking import EVERYWHERE, Asked, Hit, Ranker, Ranking, Scope
from search.semantic.vectors import VectorIndex

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


def ranker(
    *lessons: Sequence[Part], fields: Mapping[int, Mapping[Field, str]] | None = None, priors: Priors | None = None
) -> Ranker:
    """Index lessons of such passages; `fields` are the words outside their bodies, by lesson."""
    new = NewPostings()
    for number, parts in enumerate(lessons):
        said = {of: text.split() for of, text in (fields or {}).get(number, {}).items()}
        new.add(f"{number:05}.md", LessonTerms(said, [part.words.split() for part in parts]))
    parts = [part for lesson in lessons for part in lesson]
    vectors = np.array([part.vector for part in parts], np.float32).reshape(len(parts), DIMENSION)
    postings = new.merged_into(Postings.empty(), [None] * len(lessons))
    shown = np.array([part.shown for part in parts], bool)
    return Ranker(postings, VectorIndex.from_vectors(vectors), shown, priors or Priors.none(len(lessons)))


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
    return index.rank(Asked(terms, vectors=vectors), limit, scope, restricted=restricted)


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
    return Scope(np.array(allowed, bool))
