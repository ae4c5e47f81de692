"""The lessons that meet filters, if nothing else was asked: the newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kb.catalogue.catalogue import Catalogue
from kb.catalogue.outline import Outline
from search.engine import PASSAGES_SHOWN, Hit, Ranking, Relevance, Scope

if TYPE_CHECKING:
    from search.indexing import PassageNumbers


class Newest:
    """Lists lessons by date, those without a date last."""

    def __init__(self, catalogue: Catalogue, outline: Outline, passages: PassageNumbers) -> None:
        self._catalogue = catalogue
        self._outline = outline
        self._passages = passages

    def ranking(self, scope: Scope, limit: int) -> Ranking:
        """Return the newest lessons in a scope; each is an answer, because it meets all that was asked."""
        paths = self._outline.paths
        allowed = range(len(paths)) if scope.lessons is None else scope.lessons.tolist()
        numbers = {paths[number]: number for number in allowed}
        newest = [numbers[path] for path in self._catalogue.paths_by_date() if path in numbers]
        met = 0.0, Relevance.ANSWERS
        hits = (Hit(number, 0.0, {}, self._first_places(number, scope), None, None, *met) for number in newest[:limit])
        return Ranking(tuple(hits))

    def _first_places(self, lesson: int, scope: Scope) -> tuple[int, ...]:
        """Return the places of the first passages of a lesson's body that are in scope."""
        own, statements = self._passages.of(lesson), int(self._outline.statements[lesson])
        numbers = np.arange(own.start + statements, own.stop)
        if scope.passages is not None:
            numbers = numbers[np.isin(numbers, scope.passages)]
        return tuple((numbers[:PASSAGES_SHOWN] - own.start).tolist()) or (0,)
