"""Term frequencies as arrays, and BM25F over them.

Walking postings in Python is what makes a pure-Python engine slow on a pasted page; added up as
arrays the same postings cost nothing (measured: 140 times less). Numbers of lessons and passages
are their positions in the canonical order: lessons by path, passages by their order in the file.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from search.errors import DamagedIndex
from search.storage.arrays import map_array, write_array
from search.storage.string_list import StringList

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Ints = NDArray[np.int32]


class Field(IntEnum):
    """Where in a lesson a term stands."""

    BODY = 0
    TITLE = 1
    HEADINGS = 2
    SUMMARY = 3
    ANSWERS = 4
    TAGS = 5
    OTHER = 6
    """The rest of the front matter: people, unit, unknown keys."""


# How much an occurrence counts against one in the body, and how much the field's length dampens it.
# Robertson, Zaragoza: The Probabilistic Relevance Framework: BM25 and Beyond (2009), section 3.5.
_WEIGHTS: Mapping[Field, float] = {
    Field.BODY: 1.0,
    Field.TITLE: 3.0,
    Field.HEADINGS: 1.0,
    Field.SUMMARY: 1.5,
    Field.ANSWERS: 1.5,
    Field.TAGS: 2.0,
    Field.OTHER: 0.5,
}
_B = 0.75
_K1 = 1.2
# A term that a query repeats counts more, and less with every time (BM25's k3), so that no word of a page
# drowns the others. nDCG@10 with both legs on CISI, whose queries have 36 terms, and on bug reports of 20 to
# 3,000 words: unbounded .473 .704, 8: .467 .710, 2: .454 .712.
_K3 = 8.0

# How much two words count that stand next to each other as in the query, against one word. Mean nDCG@10 on
# eight collections by words alone and by both legs: 0: .646 .689; .1: .653 .692; .2: .657 .693; .3: .658 .692.
# Metzler, Croft: A Markov Random Field Model for Term Dependencies (2005).
_PAIR_WEIGHT = 0.2
# Elsewhere neighbours have nothing to do with each other.
_FIELDS_WITH_PAIRS = (Field.BODY, Field.TITLE, Field.SUMMARY, Field.ANSWERS)

Terms = Mapping[Field, Sequence[str]]
Pair = tuple[str, str]
"""Two terms, the one next behind the other; stop words between them do not count."""


@dataclass(frozen=True, slots=True)
class LessonTerms:
    """The terms of one lesson, analyzed."""

    fields: Terms
    """Every field but the body."""
    passages: Sequence[Sequence[str]]
    """The body, passage by passage; empty for a passage that is not of the body."""
    further: Mapping[tuple[Field, int], Sequence[tuple[int, str]]] = field(default_factory=dict)
    """By field and passage (0 outside the body): names and parts of words, each with the position of its word.

    They are found as words are, and are none for the lengths of fields and passages.
    """
    spellings: Collection[str] = ()
    """The different words as they are written, in lower case, of those that a word may be a slip of."""


class Row(NamedTuple):
    """The postings of one term, by field and document; arrays of one length but for the positions."""

    fields: NDArray[np.integer]
    docs: NDArray[np.integer]
    frequencies: NDArray[np.integer]
    positions: NDArray[np.integer]
    """For each posting as many as its frequency."""


class LexicalScores(NamedTuple):
    """BM25F of every lesson and BM25 of every passage for one query."""

    lessons: Floats
    passages: Floats


class Occurrences(NamedTuple):
    """Where one term stands."""

    idf: float
    lessons: Ints
    """Ascending."""
    fronts: Ints
    """The lessons that have it outside their bodies: in title, headings or front matter; ascending."""
    weighted: Floats
    """How often in each of these lessons, fields and their lengths considered."""
    passages: NDArray[np.integer]
    """Of bodies."""
    frequencies: NDArray[np.integer]
    """In each of these passages."""


@dataclass(frozen=True)
class Postings:
    """An immutable inverted index; `first[t]:first[t + 1]` are the postings of term `t`."""

    terms: StringList
    """Sorted."""
    first: NDArray[np.int64]
    fields: NDArray[np.uint8]
    docs: Ints
    """Passage numbers in the body, lesson numbers in the other fields."""
    frequencies: NDArray[np.uint16]
    first_position: NDArray[np.int64]
    """`first_position[t]:first_position[t + 1]` are the positions of term `t`, for each posting one after the other."""
    positions: NDArray[np.uint16]
    """In the words of a passage or field, ascending; as many for each posting as its frequency."""
    passages_of: Ints
    """How many passages each lesson has."""
    field_lengths: Floats
    """Words by field and lesson; shape (fields, lessons)."""
    body_lengths: Floats
    """Words of each passage of a body."""
    spelling_text: NDArray[np.uint8]
    """The words as lessons write them, sorted, UTF-8 with a line end between."""
    first_spelling: NDArray[np.int64]
    """`first_spelling[l]:first_spelling[l + 1]` are the spellings of lesson `l`."""
    spellings_of: Ints
    """The numbers of each lesson's spellings, ascending."""

    @classmethod
    def empty(cls) -> Postings:
        none, first = np.zeros(0, np.int32), np.zeros(1, np.int64)
        shorts, floats = none.astype(np.uint16), none.astype(np.float32)
        lengths = np.zeros((len(Field), 0), np.float32)
        text = none.astype(np.uint8)
        words = StringList.of([])
        return cls(words, first, text, none, shorts, first, shorts, none, lengths, floats, text, first, none)

    @cached_property
    def lesson_of(self) -> Ints:
        """The lesson number of each passage."""
        return np.repeat(np.arange(len(self.passages_of), dtype=np.int32), self.passages_of)

    @cached_property
    def first_passage(self) -> Ints:
        """The number of each lesson's first passage."""
        return np.concatenate([[0], np.cumsum(self.passages_of)])[:-1].astype(np.int32)

    @cached_property
    def offset_in_lesson(self) -> Ints:
        """The position of each passage among those of its lesson."""
        return np.asarray(np.arange(len(self.lesson_of)) - self.first_passage[self.lesson_of], np.int32)

    @cached_property
    def _idfs(self) -> dict[str, float]:
        """Of the terms that were asked for: counting lessons is most of the work for a long query."""
        return {}

    @cached_property
    def _damping(self) -> Floats:
        """Weight of one occurrence by field and lesson, the field's length considered; shape (fields, lessons)."""
        weights = np.array([_WEIGHTS[field] for field in Field])[:, None]
        return np.asarray(weights / _relative_length(self.field_lengths), np.float32)

    @cached_property
    def _passage_damping(self) -> Floats:
        return np.asarray(_K1 * _relative_length(self.body_lengths[None, :])[0], np.float32)

    @cached_property
    def spellings(self) -> list[str]:
        """The words as lessons write them, sorted; those that a word may be a slip of."""
        return self.spelling_text.tobytes().decode("utf-8", "replace").split("\n") if len(self.spelling_text) else []

    @cached_property
    def lessons_with_spelling(self) -> Ints:
        """How many lessons have each spelling."""
        return np.bincount(self.spellings_of, minlength=len(self.spellings)).astype(np.int32)

    def number_of(self, term: str) -> int | None:
        """Return the term's number, None when no lesson has it."""
        return self.terms.find(term)

    def score(self, asked: Mapping[str, float], pairs: Mapping[Pair, float] = MappingProxyType({})) -> LexicalScores:
        """Score everything against a bag of terms and pairs, given with their frequencies in the query."""
        lessons = np.zeros(len(self.passages_of), np.float32)
        passages = np.zeros(len(self.lesson_of), np.float32)
        for term, times in asked.items():
            if found := self.look_up(term):
                self._add(found, saturated(times), lessons, passages)
        for pair, times in pairs.items():
            if found := self.look_up(pair):
                self._add(found, _PAIR_WEIGHT * saturated(times), lessons, passages)
        return LexicalScores(lessons, passages)

    def _add(self, found: Occurrences, times: float, lessons: Floats, passages: Floats) -> None:
        """Add what a term or a pair gives to the scores of lessons and passages."""
        weight = times * found.idf
        lessons[found.lessons] += weight * found.weighted / (_K1 + found.weighted)
        body, frequencies = found.passages, found.frequencies
        passages[body] += weight * frequencies / (self._passage_damping[body] + frequencies)

    def contributions(
        self, asked: Mapping[str, float], lessons: Sequence[int], pairs: Mapping[Pair, float] = MappingProxyType({})
    ) -> list[dict[str, float]]:
        """Return for each of some lessons what every term and pair that it has adds to its score.

        The sum is the score. A pair goes by its two terms with a blank between them.
        """
        added: list[dict[str, float]] = [{} for _ in lessons]
        weighed = [(term, self.look_up(term), saturated(times)) for term, times in asked.items()]
        weighed += [
            (" ".join(pair), self.look_up(pair), _PAIR_WEIGHT * saturated(times)) for pair, times in pairs.items()
        ]
        for name, found, weight in weighed:
            if found is None:
                continue
            places = np.searchsorted(found.lessons, lessons)
            for lesson, place, names in zip(lessons, places, added, strict=True):
                if place < len(found.lessons) and found.lessons[place] == lesson:
                    weighted = float(found.weighted[place])
                    names[name] = weight * found.idf * weighted / (_K1 + weighted)
        return added

    def told_in(self, weights: Mapping[str, float], lesson: int) -> Floats:
        """Return how much of some weighed terms each passage of a lesson has; shape (passages of the lesson,)."""
        first = int(self.first_passage[lesson])
        told = np.zeros(int(self.passages_of[lesson]), np.float32)
        for term, weight in weights.items():
            if found := self.look_up(term):
                start, end = np.searchsorted(found.passages, (first, first + len(told)))
                told[found.passages[start:end] - first] += weight
        return told

    def having(self, term: str | Pair) -> Ints:
        """Return the numbers of the lessons that have a term in any field, or a pair, ascending."""
        found = self.look_up(term)
        return np.zeros(0, np.int32) if found is None else found.lessons

    def idf(self, term: str) -> float:
        """Return how much a term tells: the rarer, the more."""
        known = self._idfs.get(term)
        if known is None:
            known = self._idfs[term] = _idf(len(self.having(term)), len(self.passages_of))
        return known

    def look_up(self, asked: str | Pair) -> Occurrences | None:
        """Return where a term or a pair stands.

        The last ones are remembered, because a ranking and the reasons for it ask for the same.
        """
        with suppress(KeyError):  # another thread may clear it at any moment
            return self._looked_up[asked]
        if len(self._looked_up) >= _MOST_LOOKED_UP:
            self._looked_up.clear()
        found = self._occurrences(asked) if isinstance(asked, str) else self._neighbours(asked)
        self._looked_up[asked] = found
        return found

    @cached_property
    def _looked_up(self) -> dict[str | Pair, Occurrences | None]:
        return {}

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
        """Say whether each posting is one of a field, and of a passage or a lesson that there is, in their order."""
        if not len(row.docs) or int(row.docs.min()) < 0 or int(row.frequencies.min()) < 1:
            return False
        in_body = row.fields == Field.BODY
        behind = np.where(in_body, len(self.lesson_of), len(self.passages_of))
        documents = row.fields * np.int64(max(len(self.lesson_of), len(self.passages_of))) + row.docs
        return (
            int(row.fields.max()) < len(Field)
            and bool((row.docs < behind).all())
            and bool((np.diff(documents) > 0).all())
            and int(row.frequencies.sum(dtype=np.int64)) == len(row.positions)
        )

    def _occurrences(self, term: str) -> Occurrences | None:
        row = self.row(term)
        return None if row is None else self._counted(row.fields, row.docs, row.frequencies)

    def _neighbours(self, pair: Pair) -> Occurrences | None:
        """Return where the second term of a pair stands next behind the first."""
        before, behind = (self._places(term) for term in pair)
        if not len(before) or not len(behind):
            return None
        together = common_places(before + 1, behind)
        if not len(together):
            return None
        every = together >> _POSITION_BITS  # ascending
        firsts = np.flatnonzero(np.diff(every, prepend=-1))
        documents, frequencies = every[firsts], np.diff(firsts, append=len(every))
        fields, docs = np.divmod(documents, max(len(self.lesson_of), len(self.passages_of)))
        return self._counted(fields, docs, frequencies)

    def _places(self, term: str) -> NDArray[np.int64]:
        """Return field, document and position of each occurrence of a term as one number, ascending."""
        with suppress(KeyError):  # a term has two neighbours
            return self._placed[term]
        if len(self._placed) >= _MOST_LOOKED_UP:
            self._placed.clear()
        self._placed[term] = places = self._read_places(term)
        return places

    @cached_property
    def _placed(self) -> dict[str, NDArray[np.int64]]:
        return {}

    def _read_places(self, term: str) -> NDArray[np.int64]:
        row = self.row(term)
        if row is None:
            return np.zeros(0, np.int64)
        documents = row.fields * np.int64(max(len(self.lesson_of), len(self.passages_of))) + row.docs
        places = (np.repeat(documents, row.frequencies) << _POSITION_BITS) + row.positions
        paired = _HAS_PAIRS[row.fields]
        return places if paired.all() else places[np.repeat(paired, row.frequencies)]

    def _counted(
        self, fields: NDArray[np.integer], docs: NDArray[np.integer], frequencies: NDArray[np.integer]
    ) -> Occurrences:
        in_body = fields == Field.BODY
        numbers = docs.copy()
        numbers[in_body] = self.lesson_of[docs[in_body]]
        weighted = np.bincount(numbers, frequencies * self._damping[fields, numbers]).astype(np.float32)
        lessons = np.flatnonzero(weighted).astype(np.int32)
        # What `np.unique` gives; that imports masked arrays, a tenth of a search by words.
        fronts = np.flatnonzero(np.bincount(docs[~in_body])).astype(np.int32)
        idf = _idf(len(lessons), len(self.passages_of))
        return Occurrences(idf, lessons, fronts, weighted[lessons], docs[in_body], frequencies[in_body])

    def write(self, folder: Path) -> None:
        """Write one file for each array; `numpy` format without pickles."""
        self.terms.write(folder, _TERMS)
        for name in _ARRAYS:
            write_array(folder / f"{name}.npy", getattr(self, name))

    @classmethod
    def read(cls, folder: Path) -> Postings:
        """Map the arrays of a folder; raises `DamagedIndex`."""
        arrays = [map_array(folder / f"{name}.npy", *form) for name, form in _ARRAYS.items()]
        postings = cls(StringList.read(folder, _TERMS), *arrays)
        if not postings._is_in_step():
            raise DamagedIndex(f"{folder}: its files do not belong together")
        if not postings._is_in_range():
            raise DamagedIndex(f"{folder}: some of its numbers are out of range")
        return postings

    def _is_in_step(self) -> bool:
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
        """Say whether the numbers are what they can be that there is one of for each lesson or passage.

        Of the postings only those of the terms that are asked for are looked at, and when they are.
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
        """Return the number of the last of them, -1 if there is none; each is some lesson's."""
        return int(np.count_nonzero(self.spelling_text == ord("\n"))) - (not len(self.spelling_text))


_TERMS = "terms"
_ARRAYS: Mapping[str, tuple[type[np.generic], int]] = {
    "first": (np.int64, 1),
    "fields": (np.uint8, 1),
    "docs": (np.int32, 1),
    "frequencies": (np.uint16, 1),
    "first_position": (np.int64, 1),
    "positions": (np.uint16, 1),
    "passages_of": (np.int32, 1),
    "field_lengths": (np.float32, 2),
    "body_lengths": (np.float32, 1),
    "spelling_text": (np.uint8, 1),
    "first_spelling": (np.int64, 1),
    "spellings_of": (np.int32, 1),
}
"""The kind of number of each array, and how many dimensions it has."""
_MOST_WORDS = 1e9
"""Of a field, a passage or a library: any more would leave the numbers that places are reckoned with."""
_POSITION_BITS = 16
_HAS_PAIRS = np.array([field in _FIELDS_WITH_PAIRS for field in Field])
_MOST_LOOKED_UP = 1024


def common_places(one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the numbers that stand in both; both ascending. The fewer are looked up in the more."""
    few, many = (one, other) if len(one) <= len(other) else (other, one)
    there = np.minimum(np.searchsorted(many, few), len(many) - 1)
    return np.asarray(few[many[there] == few], np.int64)


def saturated(times: float) -> float:
    """Return how much a term counts that a query has so many times; 1 for one, less for a fraction."""
    return (_K3 + 1) * times / (_K3 + times)


def _relative_length(lengths: Floats) -> Floats:
    """Return how much each length dampens: 1 at the mean of those that are not empty; shape as given."""
    present = np.maximum((lengths > 0).sum(axis=1), 1)
    mean = lengths.sum(axis=1) / present
    return np.asarray(1 - _B + _B * lengths / np.where(mean > 0, mean, 1)[:, None], np.float32)


def _idf(document_frequency: int, documents: int) -> float:
    """Inverse document frequency that is never negative (as in Lucene)."""
    return float(np.log1p((documents - document_frequency + 0.5) / (document_frequency + 0.5)))
