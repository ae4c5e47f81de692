"""The words of questions: as terms for comparing, as written for people."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from search.query import analyze

_SHORTEST, _LONGEST = 3, 24


class Word(NamedTuple):
    """A word of a question."""

    term: str
    """Its stem, by which it is compared."""
    written: str
    is_name: bool
    """Whether it has a capital letter inside a sentence that is not written in capitals."""


def words_of(text: str) -> list[Word]:
    """Return the words of a question in order, without stop words, each once; only words of 3 to 24 letters."""
    found: dict[str, Word] = {}
    shouted = text.isupper()
    for number, term in enumerate(analyze(text).words):
        written = text[term.start : term.end]
        if written.isalpha() and term.term.isalpha() and _SHORTEST <= len(written) <= _LONGEST:
            is_name = not shouted and not written.islower() and (number > 0 or term.start > 0)
            found.setdefault(term.term, Word(term.term, written, is_name))
    return [*found.values()]


def terms_in(text: str) -> frozenset[str]:
    """Return the terms of a question."""
    return frozenset(word.term for word in words_of(text))


def telling(counts: Sequence[Counter[str]]) -> list[dict[str, float]]:
    """Return for each class of questions the weight of its terms, the highest first: class-based TF-IDF.

    The frequency in the class times log(1 + A ÷ f), where A is the mean number of words of a class and f the frequency
    of the term in all (Grootendorst 2022, BERTopic). `counts`: term → number of questions of the class that have it.
    """
    overall: Counter[str] = Counter()
    for count in counts:
        overall.update(count)
    mean = sum(overall.values()) / max(len(counts), 1)
    weighed = []
    for count in counts:
        weights = {term: times * math.log1p(mean / overall[term]) for term, times in count.items()}
        weighed.append(dict(sorted(weights.items(), key=lambda pair: (-pair[1], pair[0]))))
    return weighed
