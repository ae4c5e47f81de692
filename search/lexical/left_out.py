"""The postings of a library as if one statement of a lesson's `answers` had not been written."""

from __future__ import annotations

from bisect import insort
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING

import numpy as np

from search.analysis.lesson_terms import Field
from search.lexical.postings import Postings, Row

if TYPE_CHECKING:
    from search.analysis.analyzer import Indexed


@dataclass(frozen=True)
class LeftOut(Postings):
    """Postings with some rows replaced; scores are bit-identical to those of an index built with these rows."""

    changed: Mapping[str, Row | None] = field(default_factory=dict)
    """Term → its row; None for a term that no lesson has any more."""

    def number_of(self, term: str) -> int | None:
        return None if self.changed.get(term, ...) is None else super().number_of(term)

    def row(self, term: str) -> Row | None:
        return self.changed[term] if term in self.changed else super().row(term)


def with_other_answers(postings: Postings, lesson: int, before: Indexed, others: Indexed) -> LeftOut:
    """Return the postings as if a lesson's `answers` were `others`, a part of what they are (`before`)."""
    places: dict[str, list[int]] = {term: [] for term in (*before.words, *(term for _, term in before.further))}
    for position, term in enumerate(others.words):
        places[term].append(position)
    for position, term in others.further:
        insort(places[term], position)
    lengths = postings.field_lengths.copy()
    lengths[Field.ANSWERS, lesson] = len(others.words)
    own = {known.name: getattr(postings, known.name) for known in fields(Postings)} | {"field_lengths": lengths}
    return LeftOut(**own, changed={term: _changed(postings.row(term), lesson, there) for term, there in places.items()})


def _changed(row: Row | None, lesson: int, there: list[int]) -> Row | None:
    """Return a term's row with the positions `there` in a lesson's `answers` in place of those before."""
    if row is None:
        return None
    kept = ~((row.fields == Field.ANSWERS) & (row.docs == lesson))
    positions = row.positions[np.repeat(kept, row.frequencies)]
    in_fields, docs, frequencies = (array[kept] for array in (row.fields, row.docs, row.frequencies))
    if there:
        behind = (in_fields > Field.ANSWERS) | ((in_fields == Field.ANSWERS) & (docs > lesson))
        place = int(np.argmax(behind)) if behind.any() else len(docs)
        positions = np.insert(positions, int(frequencies[:place].sum()), there)
        in_fields, docs = np.insert(in_fields, place, Field.ANSWERS), np.insert(docs, place, lesson)
        frequencies = np.insert(frequencies, place, len(there))
    return Row(in_fields, docs, frequencies, positions) if len(docs) else None
