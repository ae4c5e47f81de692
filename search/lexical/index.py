"""What an index by words must be able to do, wherever it keeps its words.

Lessons have numbers, their places by path; passages have their places in their lesson. `ArrayIndex` is the index that
kb has; `tests/plain_index.py` is the same in lists and loops, and says what each method means.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from search.analysis.analyzer import Indexed
    from search.scores import Scores

    Floats = NDArray[np.float32]
    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]

Pair = tuple[str, str]
"""Two terms, the second next behind the first; stop words between them do not count."""


class LexicalQuery(NamedTuple):
    """What is asked of an index by words."""

    terms: Mapping[str, float] = MappingProxyType({})
    """With their frequencies in the query; a fraction counts that much less."""
    pairs: Mapping[Pair, float] = MappingProxyType({})
    """Of terms that stand next to each other in the query, with their frequencies."""
    identifiers: tuple[str, ...] = ()
    """Terms of what was typed in one piece; a lesson that has one of them is what was asked for."""
    stands_for: Mapping[str | Pair, Collection[str]] = MappingProxyType({})
    """Terms and pairs that a lesson may have instead of others that are asked, with these others."""


class Spelling(NamedTuple):
    """A word as lessons write it, in lower case."""

    word: str
    lessons: int
    """How many lessons have it."""
    slips: int
    """How many letters differ from the word that was asked for (restricted Damerau-Levenshtein distance)."""


class LexicalMatch(Protocol):
    """What an index by words found for one query."""

    @property
    def scores(self) -> Scores:
        """BM25F by lesson, 0 where it has none of the words; the statistics are those of all lessons."""
        ...

    @property
    def coverage(self) -> Scores:
        """By lesson, 0 to 1: the share of the query's information that its best passage has, with the front matter."""
        ...

    @property
    def information(self) -> float:
        """Of the query's terms, in nats (`search/lexical/language.py`)."""
        ...

    def identified(self, lessons: Ints) -> Mask:
        """Return of some lessons whether they have an identifier of the query as it was typed; shape (lessons,)."""
        ...

    def of_passages(self, lesson: int) -> Floats:
        """Return the BM25 of each passage of a lesson, shape (passages of the lesson,)."""
        ...


class LexicalIndex(Protocol):
    """An index by words."""

    @property
    def lessons(self) -> int:
        """How many lessons it has."""
        ...

    def knows(self, term: str) -> bool:
        """Return whether any lesson has a term."""
        ...

    def having(self, asked: str | Pair) -> Ints:
        """Return the numbers of the lessons that have a term in any field, or a pair in one; ascending."""
        ...

    def having_phrase(self, terms: Sequence[str]) -> Ints:
        """Return the numbers of the lessons in which terms follow each other in one field; ascending.

        A body is one text, however it is cut into passages.
        """
        ...

    def idf(self, term: str) -> float:
        """Return a term's inverse document frequency (`bm25f.idf`)."""
        ...

    def similar_spellings(self, word: str, most_slips: int, prefix: str = "") -> list[Spelling]:
        """Return the words of lessons that begin so and differ from a word by so few letters, in alphabetical order."""
        ...

    def match(self, query: LexicalQuery) -> LexicalMatch:
        """Compare every lesson with a query."""
        ...

    def contributions(self, query: LexicalQuery, lessons: Sequence[int]) -> list[dict[str, float]]:
        """Return for each of some lessons what every term and pair that it has adds to its score.

        The sum is the score. A pair goes by its two terms with a blank between them.
        """
        ...

    def weight_in_passages(self, weights: Mapping[str, float], lesson: int) -> Floats:
        """Return for each passage of a lesson the sum of the weights of those terms that its body has."""
        ...

    def with_answers(self, lesson: int, before: Indexed, after: Indexed) -> LexicalIndex:
        """Return the index that there would be if only some of the words of a lesson's `answers` stood there."""
        ...
