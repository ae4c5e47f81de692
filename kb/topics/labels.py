"""Names topics by words of their lessons: class-based TF-IDF.

Grootendorst, "BERTopic: Neural topic modeling with a class-based TF-IDF procedure" (2022): the weight of a term in a
class is tf · log(1 + A ÷ f). Here a class is a topic, tf the share of its lessons that have the term, f the number of
all lessons that have it, and A the mean number of lessons in a topic, so that no lesson counts by its length. A term of
a title or a tag counts twice. For small libraries, in which nearly every word is rare, f includes some imagined English
texts (`search/lexical/language.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kb.topics.words import Numbers, Vocabulary
from search.query import IMAGINED_TEXTS, share_of_texts

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

MOST_TERMS = 3
CANDIDATES = 100
"""A name stays as long as all its terms are among so many of the best ones of the topic."""
_PART_OF_PHRASE = 0.5
"""A word is left out for a phrase with it that is in at least this share of the lessons of the topic with the word."""
_SEVERAL = 4
"""In a topic of so many lessons, what only one says does not name it."""
_COMMON = 0.5
"""A term in more than this share of all lessons names no topic, if there are several."""


class Candidates(NamedTuple):
    """The terms that may name a class, as its lessons write them."""

    best: tuple[str, ...]
    """The best first; no word is in two of them."""
    known: frozenset[str]
    """All that a name may keep."""


class Namer:
    """Names classes of lessons."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary

    def candidates(self, classes: Ints, count: int) -> list[Candidates]:
        """Return for each class the terms that may name it.

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
        return np.asarray(weights, np.float32)

    def _counts(self, numbers: Sequence[Numbers], classes: Ints, count: int) -> Floats:
        """Return how many lessons of each class have each term, shape (classes, terms)."""
        found = np.zeros((count, len(self._vocabulary.terms)), np.float32)
        for lesson, own in zip(classes.tolist(), numbers, strict=True):
            if lesson >= 0:
                found[lesson, own] += 1
        return found

    @cached_property
    def _in_english(self) -> Floats:
        """The number of imagined texts with each term; of a phrase, with the rarer of its words."""
        share = {word: share_of_texts(word) for term in self._vocabulary.terms for word in term.split()}
        found = [min(share[word] for word in term.split()) for term in self._vocabulary.terms]
        return IMAGINED_TEXTS * np.array(found, np.float32)

    def _best(self, counts: Floats, weights: Floats, lessons: Ints) -> Candidates:
        terms = self._vocabulary.terms
        first = np.argsort(-weights, kind="stable")[:CANDIDATES].tolist()
        kept = [number for number in sorted(first, key=lambda at: (-weights[at], terms[at])) if weights[number] > 0]
        chosen: list[str] = []
        for number in kept:
            whole = terms[self._phrase_with(number, kept, counts)]
            if not any(set(whole.split()) & set(other.split()) for other in chosen):
                chosen.append(whole)
        written = self._vocabulary.written([terms[number] for number in kept], lessons.tolist())
        return Candidates(tuple(written[term] for term in chosen if term in written), frozenset(written.values()))

    def _phrase_with(self, number: int, kept: Sequence[int], counts: Floats) -> int:
        """Return the best phrase of which a term is mostly a part in these lessons, or the term."""
        terms, least = self._vocabulary.terms, _PART_OF_PHRASE * counts[number]
        wholes = (other for other in kept if " " in terms[other] and terms[number] in terms[other].split())
        return next((whole for whole in wholes if counts[whole] >= least), number)


def distinct(candidates: Sequence[Candidates], before: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """Return the terms that name each class: those of before if they still may, else the best; none twice.

    `before` is read from a file that anybody may have written, so nothing of it is shown that the lessons do not say.
    """
    kept = [_kept(old, known.known) for old, known in zip(before, candidates, strict=True)]
    taken = {name for name in kept if name}
    return [name or _chosen(known.best, taken) for known, name in zip(candidates, kept, strict=True)]


def _kept(old: Sequence[str], known: Iterable[str]) -> tuple[str, ...]:
    """Return the terms of an old name as they are written now; none if one does not name the topic any more."""
    forms = {term.casefold(): term for term in known}
    found = [forms[term.casefold()] for term in old[:MOST_TERMS] if term.casefold() in forms]
    return tuple(found) if len(found) == len(old) else ()


def _chosen(best: Sequence[str], taken: set[tuple[str, ...]]) -> tuple[str, ...]:
    choices = (tuple(best[start : start + MOST_TERMS]) for start in range(max(len(best), 1)))
    name = next((choice for choice in choices if choice not in taken), tuple(best[:MOST_TERMS]))
    taken.add(name)
    return name
