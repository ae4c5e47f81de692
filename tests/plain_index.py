"""Both indexes in lists and loops: what the protocols mean, to be read and compared with; far too slow to use."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from search.analysis.analyzer import Indexed
from search.analysis.lesson_terms import Field, LessonTerms
from search.lexical import bm25f
from search.lexical.language import information
from search.lexical.lexical_query import LexicalQuery, Pair, Spelling
from search.scores import Statistics

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
Vectors = NDArray[np.float32]
Text = list[tuple[int, str]]
"""The terms of a passage or field, each with its position."""


class PlainScores:
    """A dictionary of scores; `described` are those that the statistics are of."""

    def __init__(
        self,
        scores: Mapping[int, float | np.floating],
        unseen: float,
        described: Sequence[float],
        ranked: Collection[int] | None = None,
    ) -> None:
        self._scores = {lesson: np.float32(score) for lesson, score in scores.items()}
        self._described = described
        self._ranked = self._scores.keys() if ranked is None else ranked
        self.unseen = unseen

    @property
    def statistics(self) -> Statistics:
        return Statistics.of(np.array(self._described, np.float32))

    def among(self, lessons: Ints) -> PlainScores:
        return PlainScores(self._scores, self.unseen, self._described, set(lessons.tolist()))

    def best(self, count: int) -> Ints:
        return np.array(self._order()[:count], np.int64)

    def of(self, lessons: Ints) -> Floats:
        return np.array([self._scores.get(lesson, self.unseen) for lesson in lessons.tolist()], np.float32)

    def rank_of(self, lesson: int) -> int | None:
        order = self._order()
        return order.index(lesson) + 1 if lesson in order else None

    def _order(self) -> list[int]:
        found = [lesson for lesson in self._scores if lesson in self._ranked and self._scores[lesson] > self.unseen]
        return sorted(found, key=lambda lesson: (-self._scores[lesson], lesson))


@dataclass(frozen=True)
class PlainMatch:
    """What the words of a query found."""

    scores: PlainScores
    coverage: PlainScores
    information: float
    having: Collection[int]
    """The lessons that have an identifier."""
    passages: Sequence[Sequence[float]]
    """The score of each passage of each lesson."""

    def identified(self, lessons: Ints) -> Mask:
        return np.array([lesson in self.having for lesson in lessons.tolist()], bool)

    def of_passages(self, lesson: int) -> Floats:
        return np.array(self.passages[lesson], np.float32)


class PlainLexical:
    """An index by words that looks through every lesson again for everything that it is asked."""

    def __init__(self, lessons: Sequence[LessonTerms]) -> None:
        self._lessons = lessons

    @property
    def lessons(self) -> int:
        return len(self._lessons)

    def knows(self, term: str) -> bool:
        return len(self.having(term)) > 0

    def having(self, asked: str | Pair) -> Ints:
        every = enumerate(self._lessons)
        return np.array([number for number, lesson in every if any(self._counts(lesson, asked).values())], np.int64)

    def having_phrase(self, terms: Sequence[str]) -> Ints:
        every = enumerate(self._lessons)
        return np.array([number for number, lesson in every if terms and _has_phrase(lesson, terms)], np.int64)

    def idf(self, term: str) -> float:
        return self._idf(term)

    def similar_spellings(self, word: str, most_slips: int, prefix: str = "") -> list[Spelling]:
        written = sorted({spelling for lesson in self._lessons for spelling in lesson.spellings})
        counted = [
            Spelling(spelling, sum(spelling in lesson.spellings for lesson in self._lessons), slips(word, spelling))
            for spelling in written
        ]
        return [one for one in counted if one.word.startswith(prefix) and one.slips <= most_slips]

    def match(self, query: LexicalQuery) -> PlainMatch:
        scores = [sum(added.values()) for added in self.contributions(query, range(self.lessons))]
        shares = [self._share(query, lesson) for lesson in self._lessons]
        identified = {lesson for term in query.identifiers for lesson in self.having(term).tolist()}
        return PlainMatch(
            PlainScores(dict(enumerate(scores)), 0.0, scores),
            PlainScores(dict(enumerate(shares)), 0.0, shares),
            sum(self._informations(query).values()),
            identified,
            [self._passage_scores(query, lesson) for lesson in self._lessons],
        )

    def contributions(self, query: LexicalQuery, lessons: Sequence[int]) -> list[dict[str, float]]:
        return [
            {_name(asked): added for asked, weight in _asked(query) if (added := self._added(asked, weight, lesson))}
            for lesson in lessons
        ]

    def weight_in_passages(self, weights: Mapping[str, float], lesson: int) -> Floats:
        bodies = [{term for _, term in text} for text in _bodies(self._lessons[lesson])]
        return np.array([sum(weights[term] for term in weights.keys() & body) for body in bodies], np.float32)

    def with_answers(self, lesson: int, before: Indexed, after: Indexed) -> PlainLexical:
        old = self._lessons[lesson]
        answers = {Field.ANSWERS: after.words} if after.words else {}
        fields: dict[Field, Sequence[str]] = {
            field: words for field, words in old.fields.items() if field is not Field.ANSWERS
        }
        further = {place: names for place, names in old.further.items() if place[0] is not Field.ANSWERS}
        named = {(Field.ANSWERS, 0): after.further} if after.further else {}
        new = replace(old, fields={**fields, **answers}, further={**further, **named})
        return PlainLexical([*self._lessons[:lesson], new, *self._lessons[lesson + 1 :]])

    def _added(self, asked: str | Pair, weight: float, lesson: int) -> float:
        """BM25F: frequencies are weighed and dampened by field, then summed, then saturated."""
        frequency = sum(
            bm25f.WEIGHTS[field] * count / self._relative_length(field, self._lessons[lesson])
            for field, count in self._counts(self._lessons[lesson], asked).items()
        )
        return weight * self._idf(asked) * frequency / (bm25f.K1 + frequency)

    def _passage_scores(self, query: LexicalQuery, lesson: LessonTerms) -> list[float]:
        """BM25 of each passage."""
        lengths = [len(passage) for other in self._lessons for passage in other.passages]
        scores = []
        for words, text in zip(lesson.passages, _bodies(lesson), strict=True):
            counts = [(asked, weight, _count(text, asked)) for asked, weight in _asked(query)]
            dampened = bm25f.K1 * _relative(len(words), lengths)
            scores.append(sum(weight * self._idf(asked) * n / (dampened + n) for asked, weight, n in counts if n))
        return scores

    def _idf(self, asked: str | Pair) -> float:
        return bm25f.idf(len(self.having(asked)), self.lessons)

    def _counts(self, lesson: LessonTerms, asked: str | Pair) -> dict[Field, int]:
        """Return how often a term or a pair stands in each field."""
        texts = [(Field.BODY, text) for text in _bodies(lesson)] + [
            (field, _front(lesson, field)) for field in lesson.fields
        ]
        counts = dict.fromkeys(Field, 0)
        for field, text in texts:
            counts[field] += _count_in(field, text, asked)
        return counts

    def _relative_length(self, field: Field, lesson: LessonTerms) -> float:
        return _relative(_length(lesson, field), [_length(other, field) for other in self._lessons])

    def _informations(self, query: LexicalQuery) -> dict[str, float]:
        """Return the information of each term that does not stand for others."""
        return {
            term: min(times, 1.0) * information(term, len(self.having(term)), self.lessons)
            for term, times in query.terms.items()
            if term not in query.stands_for
        }

    def _share(self, query: LexicalQuery, lesson: LessonTerms) -> float:
        """Return the share of the query's information that the best passage has, with everything outside the bodies."""
        informations = self._informations(query)
        whole = sum(informations.values())
        front = [(field, _front(lesson, field)) for field in lesson.fields]
        best = 0.0
        for body in _bodies(lesson) or [[]]:
            best = max(best, sum(told for term, told in informations.items() if self._stands(query, term, body, front)))
        return best / whole if whole else 0.0

    def _stands(self, query: LexicalQuery, term: str, body: Text, front: Sequence[tuple[Field, Text]]) -> bool:
        """Return whether a term, or what stands for it, stands in a body or in any field outside of it."""
        instead = [other for other, words in query.stands_for.items() if term in words]
        texts = [(Field.BODY, body), *front]
        return any(_count_in(field, text, asked) for (field, text), asked in product(texts, [term, *instead]))


def _count_in(field: Field, text: Text, asked: str | Pair) -> int:
    """Return how often a term, or a pair where neighbours mean something, stands in a field."""
    return _count(text, asked) if isinstance(asked, str) or field in bm25f.FIELDS_WITH_PAIRS else 0


def _asked(query: LexicalQuery) -> Iterator[tuple[str | Pair, float]]:
    for term, times in query.terms.items():
        yield term, bm25f.query_weight(times)
    for pair, times in query.pairs.items():
        yield pair, bm25f.PAIR_WEIGHT * bm25f.query_weight(times)


def _name(asked: str | Pair) -> str:
    return asked if isinstance(asked, str) else " ".join(asked)


def _length(lesson: LessonTerms, field: Field) -> int:
    if field is Field.BODY:
        return sum(len(passage) for passage in lesson.passages)
    return len(lesson.fields.get(field, ()))


def _relative(length: int, lengths: Sequence[int]) -> float:
    filled = [other for other in lengths if other]
    return 1 - bm25f.B + bm25f.B * length / (sum(filled) / len(filled)) if filled else 1.0


def _bodies(lesson: LessonTerms) -> list[Text]:
    return [
        [*enumerate(words), *lesson.further.get((Field.BODY, place), ())] for place, words in enumerate(lesson.passages)
    ]


def _front(lesson: LessonTerms, field: Field) -> Text:
    return [*enumerate(lesson.fields[field]), *lesson.further.get((field, 0), ())]


def _count(text: Text, asked: str | Pair) -> int:
    if isinstance(asked, str):
        return sum(term == asked for _, term in text)
    first, second = asked
    return sum((position + 1, second) in text for position, term in text if term == first)


def _has_phrase(lesson: LessonTerms, terms: Sequence[str]) -> bool:
    return any(
        _follow(text, terms) for text in [_one_text(lesson), *(_front(lesson, field) for field in lesson.fields)]
    )


def _one_text(lesson: LessonTerms) -> Text:
    """Return the body as one text, however it is cut into passages."""
    whole: Text = []
    start = 0
    for words, text in zip(lesson.passages, _bodies(lesson), strict=True):
        whole += [(start + position, term) for position, term in text]
        start += len(words)
    return whole


def _follow(text: Text, terms: Sequence[str]) -> bool:
    starts = [position for position, term in text if term == terms[0]]
    return any(all((start + place, term) in text for place, term in enumerate(terms)) for start in starts)


def slips(one: str, other: str) -> int:
    """Return the restricted Damerau-Levenshtein distance: letters more, less or other, or two neighbours swapped."""
    rows = {(i, 0): i for i in range(len(one) + 1)} | {(0, j): j for j in range(len(other) + 1)}
    for i, j in product(range(1, len(one) + 1), range(1, len(other) + 1)):
        same = one[i - 1] == other[j - 1]
        rows[i, j] = min(rows[i - 1, j] + 1, rows[i, j - 1] + 1, rows[i - 1, j - 1] + (not same))
        if i > 1 and j > 1 and one[i - 2 : i] == other[j - 1] + other[j - 2]:
            rows[i, j] = min(rows[i, j], rows[i - 2, j - 2] + 1)
    return rows[len(one), len(other)]


@dataclass(frozen=True)
class PlainVectorMatch:
    """What the meaning of a query found."""

    passages: Sequence[Sequence[float]]
    """The score of each passage of each lesson, -inf for one that was left out."""

    @property
    def scores(self) -> PlainScores:
        best = {lesson: max(scores) for lesson, scores in enumerate(self.passages) if scores}
        finite = {lesson: score for lesson, score in best.items() if math.isfinite(score)}
        return PlainScores(finite, -math.inf, list(finite.values()))

    def of_passages(self, lesson: int) -> Floats:
        return np.array(self.passages[lesson], np.float32)


class PlainVectors:
    """An index by meaning that multiplies number by number."""

    def __init__(self, lessons: Sequence[Sequence[Sequence[float]]], dimension: int) -> None:
        """`lessons` are the vectors of the passages of each lesson."""
        self._lessons = lessons
        self.dimension = dimension

    def match(self, query: Vectors, passages: Ints | None = None) -> PlainVectorMatch:
        if query.shape[1] != self.dimension:
            raise ValueError(f"vectors of {query.shape[1]} numbers, not {self.dimension}")
        allowed = None if passages is None else set(passages.tolist())
        number = iter(range(sum(map(len, self._lessons))))
        return PlainVectorMatch(
            [
                [
                    max(_product(vector, part) for part in query.tolist())
                    if (place := next(number)) >= 0 and (allowed is None or place in allowed)
                    else -math.inf
                    for vector in lesson
                ]
                for lesson in self._lessons
            ]
        )

    def match_all(self, queries: Sequence[Vectors]) -> Iterator[PlainVectorMatch]:
        return (self.match(query) for query in queries)

    def closest(self, lesson: int) -> PlainScores:
        own = self._lessons[lesson]
        mean = {}
        for number, others in enumerate(self._lessons):
            nearest = [max((_product(vector, other) for other in others), default=0.0) for vector in own]
            mean[number] = sum(nearest) / len(own) if own else 0.0
        return PlainScores(mean, -math.inf, list(mean.values()))

    def close_pairs(self, least: float) -> Iterator[tuple[int, int, float]]:
        count = len(self._lessons)
        for one in range(count):
            found = self.closest(one).of(np.arange(count)).tolist()
            yield from ((one, other, found[other]) for other in range(count) if other != one and found[other] >= least)


def _product(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))
