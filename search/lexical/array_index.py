"""The index by words that kb uses: postings in arrays, scored all at once."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from search.lexical import bm25f
from search.lexical.coverage import Coverage, coverage
from search.lexical.lexical_query import LexicalQuery, Pair, Spelling
from search.lexical.occurrences import Found, Occurrences
from search.lexical.postings import Postings
from search.scores import ArrayScores

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from search.analysis.analyzer import Indexed
    from search.lexical.phrases import Phrases

    Floats = NDArray[np.float32]
    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]


class ArrayIndex:
    """A `LexicalIndex` over postings."""

    def __init__(self, postings: Postings) -> None:
        self._postings = postings
        self._occurrences = Occurrences(postings)

    @classmethod
    def read(cls, folder: Path) -> ArrayIndex:
        """Open what `Postings.write` wrote; raises `DamagedIndex`."""
        return cls(Postings.read(folder))

    @property
    def lessons(self) -> int:
        return len(self._postings.passages_of)

    def knows(self, term: str) -> bool:
        return self._postings.number_of(term) is not None

    def having(self, key: str | Pair) -> Ints:
        found = self._occurrences.of(key)
        return np.zeros(0, np.int64) if found is None else found.lessons.astype(np.int64)

    def having_phrase(self, terms: Sequence[str]) -> Ints:
        return self._phrases.having(terms)

    @cached_property
    def _phrases(self) -> Phrases:
        from search.lexical.phrases import Phrases  # few queries have a phrase

        return Phrases(self._postings)

    def idf(self, term: str) -> float:
        found = self._occurrences.of(term)
        return bm25f.idf(0, self.lessons) if found is None else found.idf

    def similar_spellings(self, word: str, most_slips: int, prefix: str = "") -> list[Spelling]:
        # Imported here: most queries have no misspelt word and do not need this library.
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import extract

        every = self._postings.spellings
        start = bisect_left(every, prefix)
        end = bisect_left(every, prefix[:-1] + chr(ord(prefix[-1]) + 1)) if prefix else len(every)
        found = extract(word, every[start:end], scorer=OSA.distance, score_cutoff=most_slips, limit=None)
        counts = self._postings.lessons_with_spelling
        near = sorted((start + number, int(slips)) for _, slips, number in found)
        return [Spelling(every[number], int(counts[number]), slips) for number, slips in near]

    def match(self, query: LexicalQuery) -> ArrayMatch:
        return ArrayMatch(self._postings, self._occurrences, query)

    def contributions(self, query: LexicalQuery, lessons: Sequence[int]) -> list[dict[str, float]]:
        added: list[dict[str, float]] = [{} for _ in lessons]
        for key, found, weight in _weighed(query, self._occurrences):
            name = key if isinstance(key, str) else " ".join(key)
            places = np.searchsorted(found.lessons, lessons)
            for lesson, place, names in zip(lessons, places, added, strict=True):
                if place < len(found.lessons) and found.lessons[place] == lesson:
                    weighted = float(found.weighted[place])
                    names[name] = weight * weighted / (bm25f.K1 + weighted)
        return added

    def weight_in_passages(self, weights: Mapping[str, float], lesson: int) -> Floats:
        own = self._postings.passages.of(lesson)
        sums = np.zeros(own.stop - own.start, np.float32)
        for term, weight in weights.items():
            if found := self._occurrences.of(term):
                start, end = np.searchsorted(found.passages, (own.start, own.stop))
                sums[found.passages[start:end] - own.start] += weight
        return sums

    def with_answers(self, lesson: int, before: Indexed, after: Indexed) -> ArrayIndex:
        from search.lexical.left_out import with_other_answers  # only a calibration needs it

        return ArrayIndex(with_other_answers(self._postings, lesson, before, after))


class ArrayMatch:
    """A `LexicalMatch`: the scores of all lessons and passages, computed when one is first needed."""

    def __init__(self, postings: Postings, occurrences: Occurrences, query: LexicalQuery) -> None:
        self._postings = postings
        self._occurrences = occurrences
        self._query = query

    @cached_property
    def scores(self) -> ArrayScores:
        values = np.zeros(len(self._postings.passages_of), np.float32)
        for _, found, weight in _weighed(self._query, self._occurrences):
            values[found.lessons] += weight * found.weighted / (bm25f.K1 + found.weighted)
        return ArrayScores(values, 0.0)

    @cached_property
    def coverage(self) -> ArrayScores:
        shares = self._covered.lessons
        return ArrayScores(shares, 0.0)

    @property
    def information(self) -> float:
        return self._covered.information

    @cached_property
    def _covered(self) -> Coverage:
        return coverage(self._postings, self._occurrences, self._query.terms, self._query.stands_for)

    def identified(self, lessons: Ints) -> Mask:
        identified = np.zeros(len(self._postings.passages_of), bool)
        for term in self._query.identifiers:
            if found := self._occurrences.of(term):
                identified[found.lessons] = True
        return np.asarray(identified[lessons], bool)

    def of_passages(self, lesson: int) -> Floats:
        return self._of_passages[self._postings.passages.of(lesson)]

    @cached_property
    def _of_passages(self) -> Floats:
        values = np.zeros(len(self._postings.passages.lesson_of), np.float32)
        damping = self._occurrences.passage_damping
        for _, found, weight in _weighed(self._query, self._occurrences):
            values[found.passages] += weight * found.frequencies / (damping[found.passages] + found.frequencies)
        return values


def _weighed(query: LexicalQuery, occurrences: Occurrences) -> Iterator[tuple[str | Pair, Found, float]]:
    """Yield each term and pair of a query that occurs, its occurrences, and its weight times its idf."""
    terms = ((term, bm25f.query_weight(times)) for term, times in query.terms.items())
    pairs = ((pair, bm25f.PAIR_WEIGHT * bm25f.query_weight(times)) for pair, times in query.pairs.items())
    for every in (terms, pairs):
        for key, weight in every:
            if found := occurrences.of(key):
                yield key, found, weight * found.idf
