"""The interface of an index by words, wherever it keeps its data.

Lessons are numbered in the order of their paths, passages in their order in the lesson. `ArrayIndex` is the index that
kb uses; `tests/plain_index.py` does the same with lists and loops, and defines what each method means.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from search.analysis.analyzer import Indexed
    from search.lexical.lexical_query import LexicalQuery, Pair, Spelling
    from search.scores import Scores

    Floats = NDArray[np.float32]
    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]


class LexicalMatch(Protocol):
    """What an index by words found for one query."""

    @property
    def scores(self) -> Scores:
        """BM25F by lesson, 0 for a lesson with none of the terms; the statistics are those of all lessons."""
        ...

    @property
    def coverage(self) -> Scores:
        """By lesson, 0 to 1: the share of the query's information that its best passage has with the front matter."""
        ...

    @property
    def information(self) -> float:
        """The information of all the query's terms, in nats (`search/lexical/language.py`)."""
        ...

    def identified(self, lessons: Ints) -> Mask:
        """Return for each given lesson whether it has an identifier of the query; shape (lessons,)."""
        ...

    def of_passages(self, lesson: int) -> Floats:
        """Return the BM25 of each passage of a lesson, shape (passages of the lesson,)."""
        ...


class LexicalIndex(Protocol):
    """An index by words."""

    @property
    def lessons(self) -> int:
        """The number of lessons in it."""
        ...

    def knows(self, term: str) -> bool:
        """Return whether any lesson has a term."""
        ...

    def having(self, key: str | Pair) -> Ints:
        """Return the numbers of the lessons that have a term in any field, or a pair within one field; ascending."""
        ...

    def having_phrase(self, terms: Sequence[str]) -> Ints:
        """Return the numbers of the lessons in which terms follow each other directly in one field; ascending.

        A body is one text: a phrase may begin in one passage and end in the next.
        """
        ...

    def idf(self, term: str) -> float:
        """Return a term's inverse document frequency (`bm25f.idf`)."""
        ...

    def similar_spellings(self, word: str, most_slips: int, prefix: str = "") -> list[Spelling]:
        """Return the words of lessons with this prefix and at most `most_slips` edits from `word`, alphabetically."""
        ...

    def match(self, query: LexicalQuery) -> LexicalMatch:
        """Compare every lesson with a query."""
        ...

    def contributions(self, query: LexicalQuery, lessons: Sequence[int]) -> list[dict[str, float]]:
        """Return for each given lesson what every term and pair that it has adds to its score.

        The sum is the score. A pair's key is its two terms with a space between.
        """
        ...

    def weight_in_passages(self, weights: Mapping[str, float], lesson: int) -> Floats:
        """Return the sum of the weights of the terms in each passage's body, shape (passages of the lesson,)."""
        ...

    def with_answers(self, lesson: int, before: Indexed, after: Indexed) -> LexicalIndex:
        """Return the index as if a lesson's `answers` were `after`, a part of what they are (`before`)."""
        ...
