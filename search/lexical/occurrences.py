"""Occurrences of a term or of a pair of terms: looked up in the postings, and cached."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np

from search.analysis.lesson_terms import Field
from search.lexical import bm25f
from search.lexical.lexical_query import Pair
from search.lexical.postings import Postings

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Ints = NDArray[np.int32]
    Places = NDArray[np.int64]

Key = TypeVar("Key")
Value = TypeVar("Value")

_MOST_REMEMBERED = 1024
_POSITION_BITS = 16
_HAS_PAIRS = np.array([field in bm25f.FIELDS_WITH_PAIRS for field in Field])


class Found(NamedTuple):
    """The occurrences of one term or pair."""

    idf: float
    lessons: Ints
    """The numbers of the lessons that have it, ascending; shape (lessons that have it,)."""
    fronts: Ints
    """The numbers of the lessons that have it in title, headings or front matter, ascending."""
    weighted: Floats
    """Its frequency in each of `lessons`, weighted and length-normalized by field (BM25F)."""
    passages: NDArray[np.integer]
    """The numbers of the passages that have it in their body, ascending."""
    frequencies: NDArray[np.integer]
    """Its frequency in each of `passages`."""


class Occurrences:
    """Looks terms and pairs up in postings.

    Results are cached, because explaining a ranking looks the same terms up again.
    """

    def __init__(self, postings: Postings) -> None:
        self._postings = postings
        self._damping = bm25f.field_damping(postings.field_lengths)
        self._found: dict[str | Pair, Found | None] = {}
        self._places: dict[str, Places] = {}

    def of(self, key: str | Pair) -> Found | None:
        """Return the occurrences of a term or a pair, None if there are none."""
        read = self._term if isinstance(key, str) else self._pair
        return _remembered(self._found, key, read)  # type: ignore[arg-type]  # by its kind

    @cached_property
    def passage_damping(self) -> Floats:
        """K1 times each passage's length norm, shape (passages,)."""
        return bm25f.passage_damping(self._postings.body_lengths)

    def _term(self, term: str) -> Found | None:
        row = self._postings.row(term)
        return None if row is None else self._counted(row.fields, row.docs, row.frequencies)

    def _pair(self, pair: Pair) -> Found | None:
        """Return the occurrences of a pair: the second term directly after the first."""
        before, behind = (_remembered(self._places, term, self._read_places) for term in pair)
        if not len(before) or not len(behind):
            return None
        together = common_places(before + 1, behind)
        if not len(together):
            return None
        every = together >> _POSITION_BITS  # ascending
        firsts = np.flatnonzero(np.diff(every, prepend=-1))
        documents, frequencies = every[firsts], np.diff(firsts, append=len(every))
        fields, docs = np.divmod(documents, self._documents)
        return self._counted(fields, docs, frequencies)

    def _read_places(self, term: str) -> Places:
        """Return each occurrence in fields with pairs as one number of field, document and position; ascending."""
        row = self._postings.row(term)
        if row is None:
            return np.zeros(0, np.int64)
        documents = row.fields * np.int64(self._documents) + row.docs
        places = (np.repeat(documents, row.frequencies) << _POSITION_BITS) + row.positions
        paired = _HAS_PAIRS[row.fields]
        return places if paired.all() else places[np.repeat(paired, row.frequencies)]

    @property
    def _documents(self) -> int:
        """An upper bound of document numbers; documents are passages in the body, lessons in other fields."""
        return max(len(self._postings.passages.lesson_of), len(self._postings.passages_of))

    def _counted(
        self, fields: NDArray[np.integer], docs: NDArray[np.integer], frequencies: NDArray[np.integer]
    ) -> Found:
        in_body = fields == Field.BODY
        numbers = docs.copy()
        numbers[in_body] = self._postings.passages.lesson_of[docs[in_body]]
        weighted = np.bincount(numbers, frequencies * self._damping[fields, numbers]).astype(np.float32)
        lessons = np.flatnonzero(weighted).astype(np.int32)
        # The same as `np.unique`, which imports masked arrays: a tenth of the time of a search by words.
        fronts = np.flatnonzero(np.bincount(docs[~in_body])).astype(np.int32)
        idf = bm25f.idf(len(lessons), len(self._postings.passages_of))
        return Found(idf, lessons, fronts, weighted[lessons], docs[in_body], frequencies[in_body])


def _remembered(memory: MutableMapping[Key, Value], key: Key, read: Callable[[Key], Value]) -> Value:
    with suppress(KeyError):  # another thread may clear it at any moment
        return memory[key]
    if len(memory) >= _MOST_REMEMBERED:
        memory.clear()
    memory[key] = value = read(key)
    return value


def common_places(one: Places, other: Places) -> Places:
    """Return the numbers in both of two ascending arrays; the shorter one is looked up in the longer one."""
    few, many = (one, other) if len(one) <= len(other) else (other, one)
    there = np.minimum(np.searchsorted(many, few), len(many) - 1)
    return np.asarray(few[many[there] == few], np.int64)
