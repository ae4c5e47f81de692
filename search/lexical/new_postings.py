"""Postings of new lessons, and how they are merged with those of kept lessons.

The result is byte-identical to an index built from nothing. The vocabulary is processed in blocks of about
`ROWS_AT_ONCE` postings, so that little memory is needed besides the old and the new index, however large they are.
"""

from __future__ import annotations

from array import array
from bisect import insort
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from search.analysis.lesson_terms import Field, LessonTerms
from search.lexical.new_spellings import NewSpellings, Spellings
from search.lexical.postings import Postings
from search.storage.string_list import StringList

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Bytes = NDArray[np.uint8]
    Shorts = NDArray[np.uint16]
    Ints = NDArray[np.int32]
    Longs = NDArray[np.int64]
    Floats = NDArray[np.float32]

_MOST = np.iinfo(np.uint16).max
"""Maximum frequency of a term in one passage or field, and limit of positions; both are stored as uint16."""
ROWS_AT_ONCE = 1 << 17


class NewPostings:
    """Collects the terms of new lessons, added in any order, in compact arrays."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._paths: list[str] = []
        self._passages_of = array("i")
        self._terms, self._fields, self._frequencies = array("i"), array("B"), array("H")
        self._positions = array("H")
        self._lessons, self._passages = array("i"), array("i")
        self._field_lengths, self._body_lengths = array("i"), array("i")
        self._spellings = NewSpellings()

    def add(self, path: str, terms: LessonTerms) -> None:
        for field, found in terms.fields.items():
            self._count(field, 0, found, terms.further.get((field, 0), ()))
        for offset, found in enumerate(terms.passages):
            self._count(Field.BODY, offset, found, terms.further.get((Field.BODY, offset), ()))
        lengths = [len(found) for found in terms.passages]
        in_fields = {field: len(found) for field, found in terms.fields.items()} | {Field.BODY: sum(lengths)}
        self._field_lengths.extend(in_fields.get(field, 0) for field in Field)
        self._body_lengths.extend(lengths)
        self._spellings.add(terms.spellings)
        self._paths.append(path)
        self._passages_of.append(len(lengths))

    def _count(self, field: Field, passage: int, words: Sequence[str], further: Sequence[tuple[int, str]]) -> None:
        places: dict[str, list[int]] = {}
        for position, term in enumerate(words[:_MOST]):
            places.setdefault(term, []).append(position)
        for position, term in further:
            if position < _MOST and len(there := places.setdefault(term, [])) < _MOST:
                insort(there, position)
        for term, positions in places.items():
            self._terms.append(self._numbers.setdefault(term, len(self._numbers)))
            self._fields.append(field)
            self._lessons.append(len(self._paths))
            self._passages.append(passage)
            self._frequencies.append(len(positions))
            self._positions.extend(positions)

    def merged_into(self, base: Postings, lessons: Sequence[int | None]) -> Postings:
        """Return the postings of a new list of lessons.

        `lessons` is in the order of paths; a number is that of a lesson kept from the base, None stands for an added
        lesson. Kept lessons must keep their order.
        """
        vocabulary = sorted({*base.terms, *self._numbers})
        numbers = {term: number for number, term in enumerate(vocabulary)}
        old = np.array([-1 if number is None else number for number in lessons], np.int64)
        kept, new = np.flatnonzero(old >= 0), np.flatnonzero(old < 0)[self._order()]
        passages_of = np.zeros(len(lessons), np.int32)
        passages_of[kept] = base.passages_of[old[kept]]
        passages_of[new] = self._passages_of
        first_passage = _starts(passages_of)[:-1]
        lesson_in = np.full(len(base.passages_of), -1, np.int64)
        lesson_in[old[kept]] = kept
        staying = _KeptRows(base, _numbers_of(base.terms, numbers), lesson_in, first_passage)
        added = self._added(_numbers_of(self._numbers, numbers), len(vocabulary), new, first_passage)
        lengths = self._lengths(base, old, new, first_passage)
        merged = _Merged(vocabulary, passages_of, *self._most(base))
        for start, end in _stretches(staying.counts(len(vocabulary)) + np.diff(added.first)):
            merged.append(start, end, _joined(staying.rows(start, end), added.rows(start, end)))
        return merged.postings(
            *lengths, self._spellings.merged_into(base, old.tolist(), np.argsort(self._order()).tolist())
        )

    def _lengths(self, base: Postings, old: Longs, new: Longs, first_passage: Longs) -> tuple[Floats, Floats]:
        """Return the numbers of words, shapes (fields, lessons) and (passages,).

        `old` has each lesson's number in the base, -1 for an added one; `new` the added lessons' numbers, in the order
        added.
        """
        kept = np.flatnonzero(old >= 0)
        stayed, added = base.passages_of[old[kept]], np.asarray(self._passages_of)
        fields = np.zeros((len(Field), len(old)), np.float32)
        fields[:, kept] = base.field_lengths[:, old[kept]]
        fields[:, new] = np.reshape(self._field_lengths, (-1, len(Field))).T
        bodies = np.zeros(int(stayed.sum() + added.sum()), np.float32)
        there = _places(base.passages.first[old[kept]], stayed)
        bodies[_places(first_passage[kept], stayed)] = base.body_lengths[there]
        bodies[_places(first_passage[new], added)] = self._body_lengths
        return fields, bodies

    def _most(self, base: Postings) -> tuple[int, int]:
        """Return the numbers of rows and positions if all of the base is kept: upper bounds."""
        return len(base.docs) + len(self._terms), len(base.positions) + len(self._positions)

    def _order(self) -> list[int]:
        """Return each added lesson's rank by path among the added ones, in the order added."""
        by_path = sorted(range(len(self._paths)), key=self._paths.__getitem__)
        position = [0] * len(by_path)
        for place, lesson in enumerate(by_path):
            position[lesson] = place
        return position

    def _added(self, numbers: Longs, terms: int, lesson_in: Longs, first_passage: Longs) -> _AddedRows:
        found = numbers.astype(np.int32)[np.asarray(self._terms)]
        return _AddedRows(
            np.argsort(found, kind="stable"),
            _starts(np.bincount(found, minlength=terms)),
            np.asarray(self._fields),
            lesson_in[np.asarray(self._lessons)].astype(np.int32),
            np.asarray(self._passages),
            np.asarray(self._frequencies),
            np.asarray(self._positions),
            _starts(np.asarray(self._frequencies)),
            first_passage,
        )


@dataclass(frozen=True, slots=True)
class _Rows:
    """Postings of some terms, in any order; terms, lessons and passages by their numbers in the new index."""

    terms: Longs
    fields: Bytes
    docs: Longs
    frequencies: Shorts
    positions: Shorts
    """As many for each row as its frequency, one row after the other."""


def _joined(one: _Rows, other: _Rows) -> _Rows:
    return _Rows(
        np.concatenate([one.terms, other.terms]),
        np.concatenate([one.fields, other.fields]),
        np.concatenate([one.docs, other.docs]),
        np.concatenate([one.frequencies, other.frequencies]),
        np.concatenate([one.positions, other.positions]),
    )


@dataclass(frozen=True, slots=True)
class _KeptRows:
    """The part of an index that is kept."""

    base: Postings
    numbers: Longs
    """The number of each of the base's terms in the new vocabulary, ascending."""
    lesson_in: Longs
    """The new number of each of the base's lessons, -1 for one that is removed."""
    first_passage: Longs

    def counts(self, terms: int) -> Longs:
        """Return the maximum number of rows of each term of the new vocabulary, shape (terms,)."""
        counts = np.zeros(terms, np.int64)
        counts[self.numbers] = np.diff(self.base.first)
        return counts

    def rows(self, start: int, end: int) -> _Rows:
        """Return the rows of the terms from `start` up to `end` in the new vocabulary."""
        base = self.base
        first, last = np.searchsorted(self.numbers, [start, end])
        span = slice(int(base.first[first]), int(base.first[last]))
        positions = base.positions[int(base.first_position[first]) : int(base.first_position[last])]
        lessons = self._lessons(base.fields[span], base.docs[span])
        stays = lessons >= 0
        fields, frequencies = base.fields[span][stays], base.frequencies[span]
        docs, in_body = lessons[stays], fields == Field.BODY
        docs[in_body] = (
            self.first_passage[docs[in_body]] + base.passages.place_in_lesson[base.docs[span][stays][in_body]]
        )
        terms = np.repeat(self.numbers[first:last], np.diff(base.first[first : last + 1]))
        return _Rows(terms[stays], fields, docs, frequencies[stays], positions[np.repeat(stays, frequencies)])

    def _lessons(self, fields: Bytes, docs: Ints) -> Longs:
        """Return the new lesson number of each row, -1 if the lesson is removed."""
        in_body = fields == Field.BODY
        lessons = docs.copy()
        lessons[in_body] = self.base.passages.lesson_of[docs[in_body]]
        return self.lesson_in[lessons]


@dataclass(frozen=True, slots=True)
class _AddedRows:
    """The rows of added lessons, in the order added."""

    order: Longs
    """The row numbers, sorted by term."""
    first: Longs
    """Where in `order` each term of the new vocabulary begins; shape (terms + 1,)."""
    fields: Bytes
    lessons: Ints
    passages: Ints
    frequencies: Shorts
    positions: Shorts
    first_position: Longs
    """Where in `positions` each row begins; shape (rows + 1,)."""
    first_passage: Longs

    def rows(self, start: int, end: int) -> _Rows:
        """Return the rows of the terms from `start` up to `end` in the new vocabulary."""
        rows = self.order[self.first[start] : self.first[end]]
        fields, lessons, frequencies = self.fields[rows], self.lessons[rows], self.frequencies[rows]
        return _Rows(
            np.repeat(np.arange(start, end), np.diff(self.first[start : end + 1])),
            fields,
            np.where(fields == Field.BODY, self.first_passage[lessons] + self.passages[rows], lessons),
            frequencies,
            self.positions[_places(self.first_position[rows], frequencies)],
        )


class _Merged:
    """Builds the new index, term by term."""

    def __init__(self, vocabulary: Sequence[str], passages_of: Ints, rows: int, positions: int) -> None:
        self._vocabulary = vocabulary
        self._passages_of = passages_of
        self._counts, self._occurrences = np.zeros((2, len(vocabulary)), np.int64)
        self._fields, self._docs = np.empty(rows, np.uint8), np.empty(rows, np.int32)
        self._frequencies, self._positions = np.empty(rows, np.uint16), np.empty(positions, np.uint16)
        self._rows = self._places = 0

    def append(self, start: int, end: int, rows: _Rows) -> None:
        """Append the rows of the next terms, from `start` up to `end` in the vocabulary."""
        documents = max(int(self._passages_of.sum()), len(self._passages_of), 1)
        key = (rows.terms * len(Field) + rows.fields) * documents + rows.docs
        order = np.argsort(key, kind="stable")  # fast where kept rows are in order already
        fields, docs, frequencies = rows.fields[order], rows.docs[order], rows.frequencies[order]
        positions = rows.positions[_places(_starts(rows.frequencies)[order], frequencies)]
        self._counts[start:end] = np.bincount(rows.terms - start, minlength=end - start)
        self._occurrences[start:end] = np.bincount(rows.terms - start, rows.frequencies, minlength=end - start)
        there = slice(self._rows, self._rows + len(order))
        self._fields[there], self._docs[there], self._frequencies[there] = fields, docs, frequencies
        self._positions[self._places : self._places + len(positions)] = positions
        self._rows, self._places = there.stop, self._places + len(positions)

    def postings(self, field_lengths: Floats, body_lengths: Floats, spellings: Spellings) -> Postings:
        """Return the index; terms that no lesson has any more are removed from its vocabulary."""
        there = np.flatnonzero(self._counts)
        return Postings(
            StringList.of(self._vocabulary[number] for number in there.tolist()),
            _starts(self._counts[there]),
            self._fields[: self._rows],
            self._docs[: self._rows],
            self._frequencies[: self._rows],
            _starts(self._occurrences[there]),
            self._positions[: self._places],
            self._passages_of,
            field_lengths,
            body_lengths,
            *spellings,
        )


def _numbers_of(terms: Iterable[str], numbers: Mapping[str, int]) -> Longs:
    return np.fromiter((numbers[term] for term in terms), np.int64)


def _starts(counts: NDArray[np.integer]) -> Longs:
    """Return where each of consecutive groups starts, and where the last ends; shape (groups + 1,)."""
    starts = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=starts[1:])
    return starts


def _places(starts: NDArray[np.integer], counts: NDArray[np.integer]) -> Longs:
    """Return all indices of groups with these starts and sizes, one group after the other."""
    ends = _starts(counts)
    return np.asarray(np.repeat(starts - ends[:-1], counts) + np.arange(ends[-1]), np.int64)


def _stretches(counts: Longs) -> Iterator[tuple[int, int]]:
    """Yield ranges (start, end) of the vocabulary with about `ROWS_AT_ONCE` rows each."""
    ends = np.cumsum(counts)
    cuts = np.searchsorted(ends, np.arange(ROWS_AT_ONCE, ends[-1] if len(ends) else 0, ROWS_AT_ONCE)) + 1
    yield from pairwise(np.unique([0, *cuts, len(counts)]).tolist())
