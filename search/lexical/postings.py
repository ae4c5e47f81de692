"""An inverted index as arrays that are memory-mapped from files.

Loops over postings in Python make a pure-Python engine slow on a pasted page; as arrays the same postings are summed
140 times faster (measured). Lessons are numbered by path, passages by lesson and by their order in the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from search.analysis.lesson_terms import Field
from search.errors import DamagedIndex
from search.passage_numbers import PassageNumbers
from search.storage.arrays import map_array, write_array
from search.storage.string_list import StringList

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Ints = NDArray[np.int32]


class Row(NamedTuple):
    """The postings of one term, sorted by field and document; all but `positions` have one entry per posting."""

    fields: NDArray[np.integer]
    docs: NDArray[np.integer]
    frequencies: NDArray[np.integer]
    positions: NDArray[np.integer]
    """As many for each posting as its frequency, one posting after the other."""


@dataclass(frozen=True)
class Postings:
    """An immutable inverted index; `first[t]:first[t + 1]` are the postings of term `t`."""

    terms: StringList
    """The vocabulary, sorted; a term's index is its number."""
    first: NDArray[np.int64]
    fields: NDArray[np.uint8]
    docs: Ints
    """Passage numbers in the body, lesson numbers in the other fields."""
    frequencies: NDArray[np.uint16]
    first_position: NDArray[np.int64]
    """`first_position[t]:first_position[t + 1]` are the positions of term `t`, one posting after the other."""
    positions: NDArray[np.uint16]
    """Counted in words of the passage or field, ascending; as many for each posting as its frequency."""
    passages_of: Ints
    """The number of passages of each lesson, shape (lessons,)."""
    field_lengths: Floats
    """The number of words by field and lesson, shape (fields, lessons)."""
    body_lengths: Floats
    """The number of body words of each passage, shape (passages,)."""
    spelling_text: NDArray[np.uint8]
    """The words as lessons write them, sorted, in UTF-8, with a line end between."""
    first_spelling: NDArray[np.int64]
    """`first_spelling[l]:first_spelling[l + 1]` are the spellings of lesson `l`."""
    spellings_of: Ints
    """The numbers of each lesson's spellings, ascending within a lesson."""

    @classmethod
    def empty(cls) -> Postings:
        none, first = np.zeros(0, np.int32), np.zeros(1, np.int64)
        shorts, floats = none.astype(np.uint16), none.astype(np.float32)
        lengths = np.zeros((len(Field), 0), np.float32)
        text = none.astype(np.uint8)
        words = StringList.of([])
        return cls(words, first, text, none, shorts, first, shorts, none, lengths, floats, text, first, none)

    @cached_property
    def passages(self) -> PassageNumbers:
        return PassageNumbers(self.passages_of)

    @cached_property
    def spellings(self) -> list[str]:
        """The words as lessons write them, sorted; spelling correction chooses from them."""
        return self.spelling_text.tobytes().decode("utf-8", "replace").split("\n") if len(self.spelling_text) else []

    @cached_property
    def lessons_with_spelling(self) -> Ints:
        """The number of lessons that have each spelling, shape (spellings,)."""
        return np.bincount(self.spellings_of, minlength=len(self.spellings)).astype(np.int32)

    def number_of(self, term: str) -> int | None:
        """Return the term's number, None when no lesson has it."""
        return self.terms.find(term)

    def row(self, term: str) -> Row | None:
        """Return the postings of a term; None when no lesson has it."""
        number = self.number_of(term)
        if number is None:
            return None
        span = slice(int(self.first[number]), int(self.first[number + 1]))
        places = slice(int(self.first_position[number]), int(self.first_position[number + 1]))
        row = Row(self.fields[span], self.docs[span], self.frequencies[span], self.positions[places])
        if not self._is_possible(row):
            raise DamagedIndex(f"the postings of {term!r} are out of range")
        return row

    def _is_possible(self, row: Row) -> bool:
        """Return whether the postings name existing fields, passages and lessons, in ascending order."""
        if not len(row.docs) or int(row.docs.min()) < 0 or int(row.frequencies.min()) < 1:
            return False
        in_body = row.fields == Field.BODY
        behind = np.where(in_body, len(self.passages.lesson_of), len(self.passages_of))
        documents = row.fields * np.int64(max(len(self.passages.lesson_of), len(self.passages_of))) + row.docs
        return (
            int(row.fields.max()) < len(Field)
            and bool((row.docs < behind).all())
            and bool((np.diff(documents) > 0).all())
            and int(row.frequencies.sum(dtype=np.int64)) == len(row.positions)
        )

    def write(self, folder: Path) -> None:
        """Write one file for each array, in numpy's format without pickles."""
        self.terms.write(folder, _TERMS)
        for name in ARRAYS:
            write_array(folder / f"{name}.npy", getattr(self, name))

    @classmethod
    def read(cls, folder: Path) -> Postings:
        """Memory-map the arrays of a folder; raises `DamagedIndex`."""
        arrays = [map_array(folder / f"{name}.npy", *form) for name, form in ARRAYS.items()]
        postings = cls(StringList.read(folder, _TERMS), *arrays)
        if not postings._sizes_match():
            raise DamagedIndex(f"{folder}: its files do not belong together")
        if not postings._is_in_range():
            raise DamagedIndex(f"{folder}: some of its numbers are out of range")
        return postings

    def _sizes_match(self) -> bool:
        counts = {len(self.docs), len(self.fields), len(self.frequencies)}
        return (
            self.first.shape == self.first_position.shape == (len(self.terms) + 1,)
            and counts == {int(self.first[-1])}
            and len(self.positions) == int(self.first_position[-1])
            and self.field_lengths.shape == (len(Field), len(self.passages_of))
            and 0 <= int(self.passages_of.sum(dtype=np.int64)) < _MOST_WORDS
            and self.body_lengths.shape == (int(self.passages_of.sum()),)
            and self.first_spelling.shape == (len(self.passages_of) + 1,)
            and len(self.spellings_of) == int(self.first_spelling[-1])
            and int(self.spellings_of.max(initial=-1)) == self._last_spelling()
        )

    def _is_in_range(self) -> bool:
        """Return whether the arrays with one number for each lesson or passage have possible values.

        Postings are checked when a term is looked up, and only those of that term.
        """
        lengths = (self.field_lengths, self.body_lengths)
        return (
            int(self.passages_of.min(initial=0)) >= 0
            and int(self.spellings_of.min(initial=0)) >= 0
            and int(self.first_spelling[0]) == 0
            and not (np.diff(self.first_spelling) < 0).any()
            and all(bool((every >= 0).all()) and float(every.sum(dtype=np.float64)) < _MOST_WORDS for every in lengths)
        )

    def _last_spelling(self) -> int:
        """Return the number of the last spelling, -1 if there is none; every spelling is some lesson's."""
        return int(np.count_nonzero(self.spelling_text == ord("\n"))) - (not len(self.spelling_text))


_TERMS = "terms"
PASSAGES_OF = "passages_of"
ARRAYS: Mapping[str, tuple[type[np.generic], int]] = {
    "first": (np.int64, 1),
    "fields": (np.uint8, 1),
    "docs": (np.int32, 1),
    "frequencies": (np.uint16, 1),
    "first_position": (np.int64, 1),
    "positions": (np.uint16, 1),
    PASSAGES_OF: (np.int32, 1),
    "field_lengths": (np.float32, 2),
    "body_lengths": (np.float32, 1),
    "spelling_text": (np.uint8, 1),
    "first_spelling": (np.int64, 1),
    "spellings_of": (np.int32, 1),
}
"""The dtype and the number of dimensions of each array."""
_MOST_WORDS = 1e9
"""Upper bound for the words and passages of a library: with more, numbers that encode places would overflow."""
