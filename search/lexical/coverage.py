"""How much of what a query's terms tell stands together in one passage."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from search.lexical.language import information

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from search.lexical.postings import Occurrences, Pair, Postings

    Floats = NDArray[np.float32]


class Coverage(NamedTuple):
    """How much of what a query's terms tell stands together."""

    lessons: Floats
    """By lesson, 0 to 1: the share of the query's information that its best passage has, with the front matter."""
    information: float
    """Of the query, in nats: the sum of what its terms tell (`search/lexical/language.py`)."""


def coverage(
    postings: Postings,
    asked: Mapping[str, float],
    stands_for: Mapping[str | Pair, Collection[str]] = MappingProxyType({}),
) -> Coverage:
    """Return what the lessons have of the information of a query's terms; one that counts less tells less.

    A lesson that has a term which stands for others has those too.
    """
    informed = _Informed(postings)
    for term, times in asked.items():
        if term not in stands_for:
            instead = [postings.look_up(other) for other, words in stands_for.items() if term in words]
            informed.add(term, min(times, 1.0), postings.look_up(term), [found for found in instead if found])
    return Coverage(informed.shares(), informed.information)


class _Informed:
    """Adds up what of a query's information stands together in one passage, the front matter being part of each."""

    def __init__(self, postings: Postings) -> None:
        self._postings = postings
        # As exact as the information itself: a lesson that has every term has 1, not a rounding less.
        self._of_passages = np.zeros(len(postings.lesson_of), np.float64)
        self._of_fronts = np.zeros(len(postings.passages_of), np.float64)
        self.information = 0.0

    def add(self, term: str, share: float, own: Occurrences | None, instead: Sequence[Occurrences]) -> None:
        """Add a term's information, or a share of it, wherever the term stands or another that counts as the same."""
        lessons = self._of_fronts.shape[0]
        told = share * information(term, 0 if own is None else len(own.lessons), lessons)
        self.information += told
        found = [own, *instead] if own else list(instead)
        in_front, in_body = np.zeros(lessons, bool), np.zeros(len(self._of_passages), bool)
        for one in found:
            in_front[one.fronts] = True
            in_body[one.passages] = True
        self._of_fronts[in_front] += told
        self._of_passages[in_body & ~in_front[self._postings.lesson_of]] += told

    def shares(self) -> Floats:
        best = np.zeros(len(self._of_fronts), np.float64)
        with_passages = np.flatnonzero(self._postings.passages_of)
        if len(with_passages):
            first = self._postings.first_passage[with_passages]
            best[with_passages] = np.maximum.reduceat(self._of_passages, first)
        return np.asarray((best + self._of_fronts) / (self.information or 1), np.float32)
