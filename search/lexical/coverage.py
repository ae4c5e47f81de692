"""Coverage: how much of a query's information occurs together in one passage."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from search.lexical.language import information

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from search.lexical.lexical_query import Pair
    from search.lexical.occurrences import Found, Occurrences
    from search.lexical.postings import Postings
    from search.passage_numbers import PassageNumbers

    Floats = NDArray[np.float32]


class Coverage(NamedTuple):
    """The coverage of a query by the lessons of a library."""

    lessons: Floats
    """By lesson, 0 to 1: the share of the query's information in its best passage with the front matter; (lessons,)."""
    information: float
    """The information of all the query's terms, in nats (`search/lexical/language.py`)."""


def coverage(
    postings: Postings,
    occurrences: Occurrences,
    terms: Mapping[str, float],
    stands_for: Mapping[str | Pair, Collection[str]] = MappingProxyType({}),
) -> Coverage:
    """Return the coverage of a query's terms; a frequency below 1 reduces a term's information.

    A term or pair that stands for others counts as an occurrence of these.
    """
    covered = _Covered(postings.passages)
    for term, times in terms.items():
        if term not in stands_for:
            instead = [occurrences.of(other) for other, words in stands_for.items() if term in words]
            covered.add(term, min(times, 1.0), occurrences.of(term), [found for found in instead if found])
    return Coverage(covered.shares(), covered.information)


class _Covered:
    """Sums the query's information in each passage; the front matter counts as part of every passage."""

    def __init__(self, passages: PassageNumbers) -> None:
        self._passages = passages
        # In float64 like the information: a lesson with every term then has 1, not slightly less.
        self._of_passages = np.zeros(len(passages.lesson_of), np.float64)
        self._of_fronts = np.zeros(len(passages.counts), np.float64)
        self.information = 0.0

    def add(self, term: str, share: float, own: Found | None, instead: Sequence[Found]) -> None:
        """Add `share` of a term's information wherever it occurs (`own`), or an alternative to it (`instead`)."""
        lessons = len(self._of_fronts)
        added = share * information(term, 0 if own is None else len(own.lessons), lessons)
        self.information += added
        found = [own, *instead] if own else list(instead)
        if not found:
            return
        in_front, in_body = np.zeros(lessons, bool), np.zeros(len(self._of_passages), bool)
        for one in found:
            in_front[one.fronts] = True
            in_body[one.passages] = True
        self._of_fronts[in_front] += added
        self._of_passages[in_body & ~in_front[self._passages.lesson_of]] += added

    def shares(self) -> Floats:
        best = self._passages.best(self._of_passages, 0.0)
        return np.asarray((best + self._of_fronts) / (self.information or 1), np.float32)
