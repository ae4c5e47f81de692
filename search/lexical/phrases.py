"""Phrase search by the positions in the postings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from search.analysis.lesson_terms import Field
from search.lexical.occurrences import common_places
from search.lexical.postings import Postings

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Places = NDArray[np.int64]

# Even a lesson of a hundred megabytes has fewer than 2**32 words.
_POSITION_BITS = 32


class Phrases:
    """Finds the lessons in which the terms of a phrase follow each other directly in one field.

    A body is one text: a phrase may begin in one passage and end in the next.
    """

    def __init__(self, postings: Postings) -> None:
        self._postings = postings
        before = np.cumsum(np.concatenate([[0], postings.body_lengths]), dtype=np.int64)
        self._words_before = before[:-1] - before[postings.passages.first[postings.passages.lesson_of]]
        """The number of words before each passage in its lesson's body, shape (passages,)."""

    def having(self, terms: Sequence[str]) -> Ints:
        """Return the numbers of the lessons that have the terms directly one after the other; ascending."""
        if not terms:
            return np.zeros(0, np.int64)
        places = self._places(terms[0])
        for distance, term in enumerate(terms[1:], 1):
            places = common_places(places, self._places(term) - distance)
        lessons = (places >> _POSITION_BITS) % max(len(self._postings.passages_of), 1)
        return np.flatnonzero(np.bincount(lessons))

    def _places(self, term: str) -> Places:
        """Return each occurrence of a term as one number of field, lesson and position in the field; ascending."""
        row = self._postings.row(term)
        if row is None:
            return np.zeros(0, np.int64)
        in_body = row.fields == Field.BODY
        lessons, before = row.docs.astype(np.int64), np.zeros(len(row.docs), np.int64)
        before[in_body] = self._words_before[row.docs[in_body]]
        lessons[in_body] = self._postings.passages.lesson_of[row.docs[in_body]]
        texts = row.fields * np.int64(len(self._postings.passages_of)) + lessons
        return np.asarray(np.repeat((texts << _POSITION_BITS) + before, row.frequencies) + row.positions, np.int64)
