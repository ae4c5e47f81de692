"""The few sentences of a passage that answer a query, with what matches marked."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from search.analyzer import Term, terms_in_place

# A sentence does not begin in lower case: that was an abbreviation. Chinese and Japanese full stops need no
# space behind them.
_SENTENCE = re.compile(r".+?(?:[.!?]+[\"')\]]*(?=\s+[^\sa-z]|\s*$)|[\u3002\uff01\uff1f]+|$)\s*", re.DOTALL)
_ELLIPSIS = "…"
# Where a passage has less than this share of what the query's words tell, they do not say why it is here.
_LEAST_TOLD = 0.2
# So many sentences are compared by meaning at most.
_MOST_COMPARED = 8

Nearness = Callable[[Sequence[str]], Sequence[float]]
"""Sentences → how near each is to the query in meaning."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """Plain text, the places of the matching words in it, and of the sentence that is nearest in meaning."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()
    nearest: tuple[int, int] | None = None


def best_snippet(
    blocks: Iterable[str], weights: Mapping[str, float], length: int, nearness: Nearness | None = None
) -> Snippet:
    """Choose consecutive sentences of a passage's plain-text blocks, about `length` characters.

    `weights` says how much each term of the query tells. The sentences that together have most of it
    are taken; where the words tell next to nothing, the sentence that is nearest in meaning and those
    behind it, and without a `nearness` the passage's beginning.
    """
    sentences = [sentence.strip() for block in blocks for sentence in _SENTENCE.findall(block) if sentence.strip()]
    if not sentences:
        return Snippet("")
    found = [{term.term for term in terms_in_place(sentence)} & weights.keys() for sentence in sentences]
    told = sum(weights[term] for term in set().union(*found))
    if nearness and len(sentences) > 1 and told <= _LEAST_TOLD * sum(weights.values()):
        return _around_nearest(sentences, weights, length, nearness)
    start = _best_start(sentences, found, weights, length)
    return _marked(_joined(sentences, start, length, weights), weights)


def _best_start(sentences: Sequence[str], found: Sequence[set[str]], weights: Mapping[str, float], length: int) -> int:
    """Return the sentence from which the most is told within the length; of equals the first that tells something."""

    def told_from(start: int) -> tuple[float, float, int]:
        sizes = accumulate(len(sentence) + 1 for sentence in sentences[start:])
        count = max(sum(1 for size in sizes if size <= length + 1), 1)
        told = sum(weights[term] for term in set().union(*found[start : start + count]))
        return told, sum(weights[term] for term in found[start]), -start

    return max(range(len(sentences)), key=told_from)


def _joined(sentences: Sequence[str], start: int, length: int, weights: Container[str]) -> str:
    chosen = sentences[start]
    if len(chosen) > length:
        return _cut(chosen, weights, length)
    for sentence in sentences[start + 1 :]:
        if len(chosen) + 1 + len(sentence) > length:
            break
        chosen = f"{chosen} {sentence}"
    return chosen


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
    return (_ELLIPSIS if start else "") + sentence[start:end].strip() + (_ELLIPSIS if end < len(sentence) else "")


def written_words(text: str) -> dict[str, str]:
    """Return for each term of a query the word as it was first written."""
    words: dict[str, str] = {}
    for term in terms_in_place(text):
        words.setdefault(term.term, text[term.start : term.end])
    return words


def matched_words(written: Mapping[str, str], weights: Mapping[str, float]) -> dict[str, float]:
    """Return the words and pairs of a query, as written, whose terms have a weight; the weightiest first."""
    each = {name: [written.get(term, "") for term in name.split(" ")] for name in weights}
    found = {name: " ".join(words) for name, words in each.items() if all(words)}
    return {found[name]: weights[name] for name in sorted(found, key=lambda name: -weights[name])}
