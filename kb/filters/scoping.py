"""Computes the scope of a query from its filters, excluded words, phrases and excluded lessons."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from kb.filters.restriction import FactFilters
from search.engine import Scope
from search.query import Query, analyze, is_identifier

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kb.filters.restriction import Mask
    from search.indexing import LexicalIndex
    from search.query import Condition

    Ints = NDArray[np.int64]


class Scoped(NamedTuple):
    """The scope of a query."""

    scope: Scope
    restricted: bool
    """Whether filters or phrases restrict it; excluded words, and phrases that no lesson has, do not count."""
    notes: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        return self.scope.lessons is not None and not len(self.scope.lessons)

    def count(self, lessons: int) -> int:
        """Return the number of lessons in scope; `lessons` is the number of all."""
        return lessons if self.scope.lessons is None else len(self.scope.lessons)


class Scoping:
    """Computes scopes over one snapshot."""

    def __init__(self, facts: FactFilters, index: LexicalIndex) -> None:
        self._facts = facts
        self._index = index

    def scope(self, query: Query, excluded: Collection[str] = ()) -> Scoped:
        """Return the scope of a query, without the lessons at the paths `excluded`; raises `QueryError`."""
        restriction = self._facts.restriction(query.filters)
        lessons, without = self._without(query, restriction.lessons)
        if excluded:
            lessons = _both(lessons, ~self._facts.mask(excluded))
        with_phrases, phrases = self._with_phrases(query, lessons)
        asked_for = any(not condition.negated for condition in query.filters)
        restricted = asked_for or with_phrases is not lessons
        return Scoped(
            Scope(_numbers(with_phrases), _numbers(restriction.passages)),
            restricted,
            (*restriction.notes, *without, *phrases),
        )

    def reasons(self, query: Query, lesson: int) -> tuple[str, ...]:
        """Return the reasons why a query excludes a lesson, given by its number."""
        filters = [f"it does not meet {condition}" for condition in query.filters if not self._meets(condition, lesson)]
        without = [f"it has {words!r}, left out by the query" for words in query.without if self._having(words)[lesson]]
        phrases = [
            f'it does not have the phrase "{phrase}"'
            for phrase in query.phrases
            if (found := self._having(phrase)).any() and not found[lesson]
        ]
        return (*filters, *without, *phrases)

    def _meets(self, condition: Condition, lesson: int) -> bool:
        lessons = self._facts.restriction([condition]).lessons
        return lessons is None or bool(lessons[lesson])

    def _without(self, query: Query, allowed: Mask | None) -> tuple[Mask | None, list[str]]:
        """Return the mask without the lessons that have an excluded word or phrase, and notes."""
        notes = []
        for words in query.without:
            left = _both(allowed, ~self._having(words))
            if not left.any() and (allowed is None or allowed.any()):
                notes.append(f"all lessons that are left have {words!r}: excluding it leaves none")
            allowed = left
        return allowed, notes

    def _with_phrases(self, query: Query, allowed: Mask | None) -> tuple[Mask | None, list[str]]:
        """Return the mask of the lessons with all phrases, and notes; a phrase that would leave none is ignored."""
        notes = []
        for phrase in query.phrases:
            found = self._having(phrase)
            left = _both(allowed, found)
            if left.any():
                allowed = left
            elif allowed is None or allowed.any():
                who = "no lesson that meets the rest has" if found.any() else "no lesson has"
                notes.append(f'{who} the phrase "{phrase}"; searched for its words')
        return allowed, notes

    def _having(self, words: str) -> Mask:
        """Return the mask of the lessons with a word or phrase; for an identifier, of those that have it as typed."""
        found = analyze(words)
        covering = [name.term for name in found.names if name.last - name.first == len(found.words)]
        whole = self._marked(self._index.having(covering[-1]) if covering else np.zeros(0, np.int64))
        if covering and is_identifier(words.strip()) and (whole.any() or len(found.words) == 1):
            return whole
        if len(found.words) == 1:
            return whole | self._marked(self._index.having(found.words[0].term))
        return whole | self._marked(self._index.having_phrase([word.term for word in found.words]))

    def _marked(self, lessons: Ints) -> Mask:
        mask = np.zeros(self._index.lessons, bool)
        mask[lessons] = True
        return mask


def _numbers(mask: Mask | None) -> Ints | None:
    return None if mask is None else np.flatnonzero(mask)


def _both(allowed: Mask | None, mask: Mask) -> Mask:
    return mask if allowed is None else allowed & mask
