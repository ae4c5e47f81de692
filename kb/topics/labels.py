"""Names topics by words of their lessons: class-based TF-IDF.

Grootendorst, "BERTopic: Neural topic modeling with a class-based TF-IDF procedure" (2022): the weight of a term in a
class is tf · log(1 + A ÷ f). Here a class is a topic, tf the share of its lessons that have the term, f the number of
all lessons that have it, and A the mean number of lessons in a topic, so that no lesson counts by its length. A term of
a title or a tag counts twice. For small libraries, in which nearly every word is rare, f includes some imagined English
texts (`search/lexical/language.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kb.topics.words import Numbers, Vocabulary
from search.query import IMAGINED_TEXTS, share_of_texts

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_TERMS = 3
CANDIDATES = 25
"""So many of the best terms of a topic may name it; a name stays as long as all its terms are among them."""
_READ = 100
"""So many of the best terms are compared to find `CANDIDATES` that do not repeat each other."""
_PART_OF_PHRASE = 0.5
"""A word is left out for a phrase with it that is in at least this share of the lessons of the topic with the word."""
_SEVERAL = 4
"""In a topic of so many lessons, what only one says does not name it."""
_COMMON = 0.5
"""A term in more than this share of all lessons names no topic, if there are several."""


class Namer:
    """Names classes of lessons."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    def candidates(self, classes: Ints, count: int) -> list[list[str]]:
        """Return for each class the terms that may name it as its lessons write them, the best first.

        `classes`: the class of each lesson, 0 to `count` - 1, or -1 for none; shape (lessons,).
        """
        counts = self._counts(self._vocabulary.lessons, classes, count)
        weights = self._weights(counts, classes, count)
        return [
            self._best(counts[number], weights[number], np.flatnonzero(classes == number)) for number in range(count)
        ]

    def _weights(self, counts: Floats, classes: Ints, count: int) -> Floats:
        sizes = np.maximum(np.bincount(classes[classes >= 0], minlength=count), 1)[:, None]
        in_titles = self._counts(self._vocabulary.names, classes, count)
        lessons, having = int((classes >= 0).sum()), counts.sum(axis=0)
        weights = (counts + in_titles) / sizes * np.log1p(lessons / max(count, 1) / (having + self._in_english))
        weights[counts < np.where(sizes < _SEVERAL, 1, 2)] = 0
        if count > 1:
            weights[:, having > max(_COMMON * lessons, 2)] = 0
        return np.asarray(weights, np.float64)

    def _counts(self, numbers: Sequence[Numbers], classes: Ints, count: int) -> Floats:
        """Return how many lessons of each class have each term, shape (classes, terms)."""
        found = np.zeros((count, len(self._vocabulary.terms)), np.float32)
        for lesson, own in zip(classes.tolist(), numbers, strict=True):
            if lesson >= 0:
                found[lesson, own] += 1
        return np.asarray(found, np.float64)

    @cached_property
    def _in_english(self) -> Floats:
        """The number of imagined texts with each term; of a phrase, with the rarer of its words."""
        share = {word: share_of_texts(word) for term in self._vocabulary.terms for word in term.split()}
        found = [min(share[word] for word in term.split()) for term in self._vocabulary.terms]
        return IMAGINED_TEXTS * np.array(found, np.float64)

    def _best(self, counts: Floats, weights: Floats, lessons: Ints) -> list[str]:
        terms = self._vocabulary.terms
        order = sorted(np.argsort(-weights, kind="stable")[:_READ].tolist(), key=lambda at: (-weights[at], terms[at]))
        kept = [number for number in order if weights[number] > 0]
        chosen: list[str] = []
        for number in kept:
            whole = self._phrase_with(number, kept, counts)
            if not any(set(terms[whole].split()) & set(other.split()) for other in chosen):
                chosen.append(terms[whole])
        written = self._vocabulary.written(chosen[:CANDIDATES], lessons.tolist())
        return [written[term] for term in chosen[:CANDIDATES] if term in written]

    def _phrase_with(self, number: int, kept: Sequence[int], counts: Floats) -> int:
        """Return the best phrase of which a term is mostly a part in these lessons, or the term."""
        terms, least = self._vocabulary.terms, _PART_OF_PHRASE * counts[number]
        wholes = (other for other in kept if " " in terms[other] and terms[number] in terms[other].split())
        return next((whole for whole in wholes if counts[whole] >= least), number)


def distinct(candidates: Sequence[Sequence[str]], before: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """Return the terms that name each class: those of before if they are still candidates, else the best; none twice.

    `before` is read from a file that anybody may have written, so nothing of it is shown that the lessons do not say.
    """
    kept = [_kept(old, known) for old, known in zip(before, candidates, strict=True)]
    taken = {name for name in kept if name}
    return [_name(known, name, taken) for known, name in zip(candidates, kept, strict=True)]


def _kept(old: Sequence[str], candidates: Sequence[str]) -> tuple[str, ...]:
    """Return the terms of an old name as they are written now; none if one is no candidate any more."""
    forms = {term.casefold(): term for term in candidates}
    found = [forms[term.casefold()] for term in old[:MOST_TERMS] if term.casefold() in forms]
    return tuple(found) if len(found) == len(old) else ()


def _name(candidates: Sequence[str], kept: tuple[str, ...], taken: set[tuple[str, ...]]) -> tuple[str, ...]:
    choices = (tuple(candidates[start : start + MOST_TERMS]) for start in range(max(len(candidates), 1)))
    name = kept or next((choice for choice in choices if choice not in taken), tuple(candidates[:MOST_TERMS]))
    taken.add(name)
    return name
