"""Chooses the few sentences of a passage that answer a query, and marks the words that match."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from functools import lru_cache
from math import fsum
from typing import NamedTuple
from unicodedata import category

from search.analysis.analyzer import Term, terms, terms_in_place

_ELLIPSIS = "…"
# A list item, a table row and a line of code often end without a punctuation mark.
_ENDED = re.compile(r"[^\w\s%)\]\"'\u201d\u2019]\Z|[.!?\u2026\u3002\uff01\uff1f][\"')\]\u201d\u2019\u300d\u300f]+\Z")
# If a passage has no more than this share of the query's information, its words are not the reason why it was found.
_LEAST_SHARE = 0.2
# Two texts say the same if the other one has this share of the words of the shorter one.
_SAME = 0.8
# Maximum number of sentences compared by meaning.
_MOST_COMPARED = 8

Nearness = Callable[[Sequence[str]], Sequence[float]]
"""Sentences → the similarity of each to the query in meaning."""


class Snippet(NamedTuple):
    """Plain text, with the spans of matching words and of the sentence that is nearest in meaning."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()
    nearest: tuple[int, int] | None = None


def best_snippet(
    sentences: Sequence[str],
    weights: Mapping[str, float],
    length: int,
    nearness: Nearness | None = None,
    asides: Sequence[str] = (),
) -> Snippet:
    """Choose consecutive sentences of a passage, about `length` characters.

    `weights` has the information of each term of the query. The sentences that together have most of it are chosen; if
    the passage has next to none, the sentence nearest in meaning and those after it, or without `nearness` the
    passage's beginning. The `asides` replace the sentences if they have more information and these next to none, or if
    there are none.
    """
    if prefers_asides(sentences, asides, weights):
        sentences = asides
    if not sentences:
        return Snippet("")
    found = _found(sentences, weights)
    if nearness and len(sentences) > 1 and _information(found, weights) <= _enough(weights):
        return _around_nearest(sentences, weights, length, nearness)
    start = _best_start(sentences, found, weights, length)
    return _marked(_joined(sentences, start, length, weights), weights)


def prefers_asides(sentences: Sequence[str], asides: Sequence[str], weights: Mapping[str, float]) -> bool:
    """Return whether a passage was found for its asides: its sentences have next to no information, the asides more."""
    if not asides or not sentences:
        return bool(asides)
    information = _information(_found(sentences, weights), weights)
    return information <= _enough(weights) and _information(_found(asides, weights), weights) > information


def _enough(weights: Mapping[str, float]) -> float:
    return _LEAST_SHARE * sum(weights.values())


def first_sentences(sentences: Sequence[str], weights: Mapping[str, float], length: int) -> Snippet:
    """Return a text's beginning, about `length` characters."""
    return _marked(_joined(sentences, 0, length, ()), weights) if sentences else Snippet("")


def best_sentences(sentences: Sequence[str], weights: Mapping[str, float], length: int) -> Snippet:
    """Return the sentences with most information, about `length` characters; a long first one from its beginning."""
    start = _best_start(sentences, _found(sentences, weights), weights, length)
    return _marked(_joined(sentences, start, length, ()), weights)


def without_repetition(summary: Snippet, snippet: Snippet) -> tuple[Snippet, Snippet]:
    """Return both with the shorter one empty if they say the same."""
    if not _repeats(summary.text, snippet.text):
        return summary, snippet
    return (summary, Snippet("")) if len(summary.text) > len(snippet.text) else (Snippet(""), snippet)


def _found(sentences: Iterable[str], weights: Mapping[str, float]) -> list[frozenset[str]]:
    """Return for each sentence the terms of the query that it has."""
    return [_terms(sentence) & weights.keys() for sentence in sentences]


@lru_cache(maxsize=10_000)
def _terms(sentence: str) -> frozenset[str]:
    """Return a sentence's terms; cached, because several choices are made among the sentences of one passage.

    A server finds the same passages again and again.
    """
    return frozenset(terms(sentence))


def _has_any(sentence: str, weights: Container[str]) -> bool:
    return any(term in weights for term in _terms(sentence))


def _information(found: Iterable[frozenset[str]], weights: Mapping[str, float]) -> float:
    # The order of a set of strings differs between processes, and a plain sum's rounding depends on the order.
    return fsum(weights[term] for term in set().union(*found))


def _best_start(
    sentences: Sequence[str], found: Sequence[frozenset[str]], weights: Mapping[str, float], length: int
) -> int:
    """Return the index of the sentence from which on `length` characters have the most information.

    Ties go to the sentence that has more itself, then to the first.
    """

    def information_from(start: int) -> tuple[float, float, int]:
        count = _count_within(sentences, start, length)
        return (
            _information(found[start : start + count], weights),
            _information(found[start : start + 1], weights),
            -start,
        )

    return max(range(len(sentences)), key=information_from)


def _joined(sentences: Sequence[str], start: int, length: int, weights: Container[str]) -> str:
    if len(sentences[start]) > length:
        return _cut(sentences[start], weights, length)
    chosen = list(sentences[start : start + _count_within(sentences, start, length)])
    if len(chosen) > 1 and chosen[-1].endswith((":", "\uff1a")) and not _has_any(chosen[-1], weights):
        chosen.pop()  # what it announces is not shown
    return "".join(f"{sentence}{_joint(sentence)}" for sentence in chosen[:-1]) + chosen[-1]


def _count_within(sentences: Sequence[str], start: int, length: int) -> int:
    """Return how many sentences from `start` on fit into `length` characters, at least one."""
    size = -1
    for count, sentence in enumerate(sentences[start:]):
        size += len(sentence) + (len(_joint(sentences[start + count - 1])) if count else 1)
        if size > length:
            return max(count, 1)
    return len(sentences) - start


def _joint(sentence: str) -> str:
    """Return what is put between a sentence and the next."""
    return " " if _ENDED.search(sentence) else " · "


def _around_nearest(sentences: Sequence[str], weights: Mapping[str, float], length: int, nearness: Nearness) -> Snippet:
    compared = sentences[:_MOST_COMPARED]
    near = nearness(compared)
    best = max(range(len(compared)), key=near.__getitem__)
    text = _joined(sentences, best, length, weights)
    return _marked(text, weights, (0, min(len(sentences[best]), len(text))))


def _marked(text: str, weights: Container[str], nearest: tuple[int, int] | None = None) -> Snippet:
    marks: list[tuple[int, int]] = []
    for term in terms_in_place(text):
        if term.term not in weights:
            continue
        if marks and term.start < marks[-1][1]:  # a name and its words, or neighbours of a text without spaces
            marks[-1] = (marks[-1][0], max(marks[-1][1], term.end))
        else:
            marks.append((term.start, term.end))
    return Snippet(text, tuple(marks), nearest)


def _cut(sentence: str, wanted: Container[str], length: int) -> str:
    """Cut a long sentence around its first match; between words, where it has spaces."""
    match = next((term for term in terms_in_place(sentence) if term.term in wanted), Term("", 0, 0))
    start = min(max(match.start - length // 4, 0), max(len(sentence) - length, 0))
    if start:
        space = sentence.find(" ", start, match.start)
        start = space + 1 if space >= 0 else start
    end = min(start + length, len(sentence))
    if end < len(sentence):
        space = sentence.rfind(" ", max(match.end, start + 1), end + 1)
        end = space if space >= 0 else end
    start, end = (_behind_marks(sentence, place) for place in (start, end))
    return (_ELLIPSIS if start else "") + sentence[start:end].strip() + (_ELLIPSIS if end < len(sentence) else "")


def _behind_marks(text: str, place: int) -> int:
    """Return the next offset that does not separate a letter from its combining marks."""
    while place < len(text) and category(text[place]).startswith("M"):
        place += 1
    return place


def _repeats(text: str, other: str) -> bool:
    """Return whether nearly all words of the shorter of two texts are in the other."""
    terms_of_text, terms_of_other = _terms(text), _terms(other)
    fewer = min(len(terms_of_text), len(terms_of_other))
    return bool(fewer) and len(terms_of_text & terms_of_other) >= _SAME * fewer


def matched_words(written: Mapping[str, str], weights: Mapping[str, float]) -> dict[str, float]:
    """Return the words and pairs of a query, as written, whose terms have a weight; the highest weight first."""
    each = {name: [written.get(term, "") for term in name.split(" ")] for name in weights}
    found = {name: " ".join(words) for name, words in each.items() if all(words)}
    return {found[name]: weights[name] for name in sorted(found, key=lambda name: -weights[name])}
