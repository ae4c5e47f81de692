"""The postings as they would be if one statement of a lesson's `answers` had not been written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from search.postings import Field, Postings

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.integer]


def with_other_answers(postings: Postings, terms: Iterable[str], lesson: int, answers: Sequence[str]) -> Postings:
    """Return the postings of some terms only, for a library in which the terms of a lesson's `answers` are others.

    Queries of these terms get the scores, to the bit, that an index of that library would give them.
    """
    known = sorted({term for term in terms if postings.number_of(term) is not None})
    rows = [_Row.of(postings, term).with_answer(lesson, answers) for term in known]
    rows = [row for row in rows if len(row.docs)]
    lengths = postings.field_lengths.copy()
    lengths[Field.ANSWERS, lesson] = len(answers)
    return replace(
        postings,
        terms=[row.term for row in rows],
        first=_starts([len(row.docs) for row in rows]),
        fields=_joined([row.fields for row in rows], np.uint8),
        docs=_joined([row.docs for row in rows], np.int32),
        frequencies=_joined([row.frequencies for row in rows], np.uint16),
        first_position=_starts([len(row.positions) for row in rows]),
        positions=_joined([row.positions for row in rows], np.uint16),
        field_lengths=lengths,
    )


@dataclass(frozen=True, slots=True)
class _Row:
    """The postings of one term."""

    term: str
    fields: Numbers
    docs: Numbers
    frequencies: Numbers
    positions: Numbers

    @classmethod
    def of(cls, postings: Postings, term: str) -> _Row:
        number = postings.number_of(term)
        assert number is not None, "only known terms are asked for"
        span = slice(int(postings.first[number]), int(postings.first[number + 1]))
        places = slice(int(postings.first_position[number]), int(postings.first_position[number + 1]))
        return cls(
            term, postings.fields[span], postings.docs[span], postings.frequencies[span], postings.positions[places]
        )

    def with_answer(self, lesson: int, answers: Sequence[str]) -> _Row:
        """Return the row with the places of the term in a lesson's answers in place of those there were."""
        gone = (self.fields == Field.ANSWERS) & (self.docs == lesson)
        positions = self.positions[np.repeat(~gone, self.frequencies)]
        fields, docs, frequencies = (array[~gone] for array in (self.fields, self.docs, self.frequencies))
        there = [position for position, term in enumerate(answers) if term == self.term]
        if there:
            behind = (fields > Field.ANSWERS) | ((fields == Field.ANSWERS) & (docs > lesson))
            place = int(np.argmax(behind)) if behind.any() else len(docs)
            positions = np.insert(positions, int(frequencies[:place].sum()), there)
            fields, docs = np.insert(fields, place, Field.ANSWERS), np.insert(docs, place, lesson)
            frequencies = np.insert(frequencies, place, len(there))
        return _Row(self.term, fields, docs, frequencies, positions)


def _starts(counts: Sequence[int]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def _joined(arrays: Sequence[NDArray[Any]], dtype: type[np.generic]) -> NDArray[Any]:
    return np.concatenate([np.zeros(0, dtype), *arrays]).astype(dtype)
