"""Postings of lessons that are new, and how they come among those of lessons that stay.

The result equals an index built from nothing, to the byte. The vocabulary is gone through in stretches of so many
postings, so that beside the old index and the new one little memory is needed, however large they are.
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
"""Occurrences that are counted of one term in one place, and the last position that is known."""
ROWS_AT_ONCE = 1 << 17


class NewPostings:
    """Collects lessons in whatever order they are read; what it keeps of each is small."""

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

        A number stands for a lesson of the base that is kept, None for the next of those added, by
        path. Kept lessons must keep their order.
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
        staying = _Staying(base, _numbers_of(base.terms, numbers), lesson_in, first_passage)
        added = self._added(_numbers_of(self._numbers, numbers), len(vocabulary), new, first_passage)
        lengths = self._lengths(base, old, new, first_passage)
        merged = _Merged(vocabulary, passages_of, *self._most(base))
        for start, end in _stretches(staying.counts(len(vocabulary)) + np.diff(added.first)):
            merged.append(start, end, _joined(staying.rows(start, end), added.rows(start, end)))
        return merged.postings(
            *lengths, self._spellings.merged_into(base, old.tolist(), np.argsort(self._order()).tolist())
        )

    def _lengths(self, base: Postings, old: Longs, new: Longs, first_passage: Longs) -> tuple[Floats, Floats]:
        """Return how many words each field and each passage has; `new` are the numbers of the lessons added."""
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
        """Return how many rows and positions there are if all of the base stays."""
        return len(base.docs) + len(self._terms), len(base.positions) + len(self._positions)

    def _order(self) -> list[int]:
        """Return for each lesson, as added, its position among them by path."""
        by_path = sorted(range(len(self._paths)), key=self._paths.__getitem__)
        position = [0] * len(by_path)
        for place, lesson in enumerate(by_path):
            position[lesson] = place
        return position

    def _added(self, numbers: Longs, terms: int, lesson_in: Longs, first_passage: Longs) -> _Added:
        found = numbers.astype(np.int32)[np.asarray(self._terms)]
        return _Added(
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
    """For each row as many as its frequency."""


def _joined(one: _Rows, other: _Rows) -> _Rows:
    return _Rows(
        np.concatenate([one.terms, other.terms]),
        np.concatenate([one.fields, other.fields]),
        np.concatenate([one.docs, other.docs]),
        np.concatenate([one.frequencies, other.frequencies]),
        np.concatenate([one.positions, other.positions]),
    )


@dataclass(frozen=True, slots=True)
class _Staying:
    """What stays of an index."""

    base: Postings
    numbers: Longs
    """Of the base's terms in the new vocabulary."""
    lesson_in: Longs
    """The new number of each of the base's lessons, -1 for one that is gone."""
    first_passage: Longs

    def counts(self, terms: int) -> Longs:
        """Return how many rows each term of the vocabulary has at most."""
        counts = np.zeros(terms, np.int64)
        counts[self.numbers] = np.diff(self.base.first)
        return counts

    def rows(self, start: int, end: int) -> _Rows:
        """Return the rows of a stretch of the new vocabulary."""
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
        """Return the new number of the lesson of each row, -1 where it is gone."""
        in_body = fields == Field.BODY
        lessons = docs.copy()
        lessons[in_body] = self.base.passages.lesson_of[docs[in_body]]
        return self.lesson_in[lessons]


@dataclass(frozen=True, slots=True)
class _Added:
    """What is new, row by row as it was read."""

    order: Longs
    """Of the rows, by term."""
    first: Longs
    """Where in this order each term of the new vocabulary begins."""
    fields: Bytes
    lessons: Ints
    passages: Ints
    frequencies: Shorts
    positions: Shorts
    first_position: Longs
    """Of each row."""
    first_passage: Longs

    def rows(self, start: int, end: int) -> _Rows:
        """Return the rows of a stretch of the new vocabulary."""
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
    """The new index while it grows, term by term."""

    def __init__(self, vocabulary: Sequence[str], passages_of: Ints, rows: int, positions: int) -> None:
        self._vocabulary = vocabulary
        self._passages_of = passages_of
        self._counts, self._occurrences = np.zeros((2, len(vocabulary)), np.int64)
        self._fields, self._docs = np.empty(rows, np.uint8), np.empty(rows, np.int32)
        self._frequencies, self._positions = np.empty(rows, np.uint16), np.empty(positions, np.uint16)
        self._rows = self._places = 0

    def append(self, start: int, end: int, rows: _Rows) -> None:
        """Put in the rows of the next terms."""
        documents = max(int(self._passages_of.sum()), len(self._passages_of), 1)
        key = (rows.terms * len(Field) + rows.fields) * documents + rows.docs
        order = np.argsort(key, kind="stable")  # quick where what stays is in order already
        fields, docs, frequencies = rows.fields[order], rows.docs[order], rows.frequencies[order]
        positions = rows.positions[_places(_starts(rows.frequencies)[order], frequencies)]
        self._counts[start:end] = np.bincount(rows.terms - start, minlength=end - start)
        self._occurrences[start:end] = np.bincount(rows.terms - start, rows.frequencies, minlength=end - start)
        there = slice(self._rows, self._rows + len(order))
        self._fields[there], self._docs[there], self._frequencies[there] = fields, docs, frequencies
        self._positions[self._places : self._places + len(positions)] = positions
        self._rows, self._places = there.stop, self._places + len(positions)

    def postings(self, field_lengths: Floats, body_lengths: Floats, spellings: Spellings) -> Postings:
        """Return the index; what no lesson has any more is not in its vocabulary."""
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
    """Return where each of some groups starts that stand one after the other, and where the last ends."""
    starts = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=starts[1:])
    return starts


def _places(starts: NDArray[np.integer], counts: NDArray[np.integer]) -> Longs:
    """Return the places of groups that start there and are so long, one group after the other."""
    ends = _starts(counts)
    return np.asarray(np.repeat(starts - ends[:-1], counts) + np.arange(ends[-1]), np.int64)


def _stretches(counts: Longs) -> Iterator[tuple[int, int]]:
    """Cut a vocabulary into stretches of about so many rows."""
    ends = np.cumsum(counts)
    cuts = np.searchsorted(ends, np.arange(ROWS_AT_ONCE, ends[-1] if len(ends) else 0, ROWS_AT_ONCE)) + 1
    yield from pairwise(np.unique([0, *cuts, len(counts)]).tolist())
