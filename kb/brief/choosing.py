"""Chooses the sentences that say most about a problem and repeat nothing: maximal marginal relevance.

J. Carbonell, J. Goldstein: The use of MMR, diversity-based reranking for reordering documents and producing
summaries. SIGIR 1998. The next sentence is the one with the highest λ·relevance - (1 - λ)·similarity to the nearest
sentence that was chosen already.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from math import fsum

from kb.brief.quotable import points_back
from kb.brief.statement import Statement
from search.query import terms as terms_of

_LAMBDA = 0.7
# Parts of the relevance of a sentence: the problem's words in it, its passage's nearness in meaning, the standing of
# its lesson in the ranking, and its position, because authors say first what matters most.
_WORDS, _MEANING, _STANDING, _POSITION = 0.4, 0.25, 0.2, 0.15
# What is taken off for each hundred characters beyond a few lines.
_LENGTH, _FREE_LENGTH = 0.08, 160
# A sentence with this share of its words in another one says the same.
_SAME = 0.7
# Of a few words only, any is in another sentence by chance.
_FEWEST_TERMS = 3


class Choice:
    """Chooses sentences for one page; it remembers them, so that nothing is chosen twice."""

    def __init__(self, information: Mapping[str, float]) -> None:
        """`information`: the inverse document frequency of each term of the problem."""
        self._information = information
        self._chosen: list[frozenset[str]] = []
        self._places: set[tuple[str, str, int]] = set()

    def best(self, candidates: Iterable[Statement], count: int) -> list[Statement]:
        """Return up to `count` of the candidates, the best first, and remember them."""
        left = [one for one in candidates if not self._is_said(one)]
        relevance = self._relevance(left)
        chosen: list[Statement] = []
        while len(chosen) < count and (fitting := [at for at, one in enumerate(left) if self._stands_alone(one)]):
            at = max(fitting, key=lambda number: self._marginal(left[number], relevance[number]))
            chosen.append(left[at])
            self._places.add(_place(left[at]))
            self.remember(left[at].text)
            kept = [number for number, one in enumerate(left) if number != at and not self._is_said(one)]
            left, relevance = [left[number] for number in kept], [relevance[number] for number in kept]
        return chosen

    def remember(self, text: str) -> None:
        """Count a text as chosen, which the page has anyway."""
        self._chosen.append(_terms(text))

    def _stands_alone(self, candidate: Statement) -> bool:
        """Return whether a sentence can be read without the one before it, or that one was chosen too."""
        lesson, heading, number = _place(candidate)
        return not number or (lesson, heading, number - 1) in self._places or not points_back(candidate.text)

    def _relevance(self, candidates: Sequence[Statement]) -> list[float]:
        """Return the relevance of each candidate, at most 1; words and meaning relative to the best candidate."""
        words = [fsum(self._information.get(term, 0.0) for term in _terms(one.text)) for one in candidates]
        most, nearest = max(words, default=0.0) or 1.0, max((one.closeness for one in candidates), default=0.0)
        return [
            _WORDS * found / most
            + _MEANING * (max(one.closeness, 0.0) / nearest if nearest > 0 else 0.0)
            + _STANDING * one.standing
            + _POSITION / (1 + one.number)
            - _LENGTH * max(0, len(one.text) - _FREE_LENGTH) / 100
            for found, one in zip(words, candidates, strict=True)
        ]

    def _marginal(self, candidate: Statement, relevance: float) -> float:
        own = _terms(candidate.text)
        similar = max((_similarity(own, other) for other in self._chosen), default=0.0)
        return _LAMBDA * relevance - (1 - _LAMBDA) * similar

    def _is_said(self, candidate: Statement) -> bool:
        own = _terms(candidate.text)
        return any(len(own & other) >= _SAME * max(len(own), _FEWEST_TERMS) for other in self._chosen)


def _place(statement: Statement) -> tuple[str, str, int]:
    return statement.lesson.path, statement.heading, statement.number


def _similarity(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the cosine of two sets of terms."""
    return len(one & other) / (len(one) * len(other)) ** 0.5 if one and other else 0.0


@lru_cache(maxsize=4000)
def _terms(text: str) -> frozenset[str]:
    return frozenset(terms_of(text))
