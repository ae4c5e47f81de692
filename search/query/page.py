"""A long text as a query: its most informative words, and slices that fit the model's window.

A pasted page has hundreds of words, of which few are rare; a model reads some two hundred of them. So only the words
with the most information are searched for, and only those slices of the page are encoded that together hold most of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from math import ceil, fsum
from typing import TYPE_CHECKING

from search.analysis.analyzer import terms, word_starts
from search.lexical.bm25f import query_weight

if TYPE_CHECKING:
    from search.lexical.index import LexicalIndex
    from search.lexical.lexical_query import Pair

# Queries of 500 and more words, nDCG@10 by words alone: all terms .628, the best 100 .632, the best 40 .632.
MOST_TERMS = 128
MOST_PAIRS = 32
# Encoding a slice takes some 20 ms; more slices than a page of 300 words has would take too long.
MOST_SLICES = 3
# Tokens per word, counted over six collections: 1.2 to 1.5 in prose, 1.8 in bug reports, 2.4 in proposals with much
# code. Tokens of a slice beyond the window are not read.
TOKENS_OF_WORD = 1.4


def informative_terms(words: Iterable[str] | Mapping[str, float], index: LexicalIndex) -> dict[str, float]:
    """Return a query's terms with their frequencies; of more than `MOST_TERMS` those with the most information."""
    frequencies: Mapping[str, float] = Counter(words)
    if len(frequencies) <= MOST_TERMS:
        return dict(frequencies)

    def information(term: str) -> float:
        return query_weight(frequencies[term]) * index.idf(term)

    known = [term for term in frequencies if index.knows(term)]
    return {term: frequencies[term] for term in sorted(known, key=information, reverse=True)[:MOST_TERMS]}


def informative_pairs(words: Sequence[str], chosen: Mapping[str, float], index: LexicalIndex) -> dict[Pair, float]:
    """Return the pairs of neighbouring terms that are both chosen; of many those with the most information."""
    frequencies = Counter(pair for pair in pairwise(words) if pair[0] in chosen and pair[1] in chosen)

    def information(pair: Pair) -> float:
        return query_weight(frequencies[pair]) * sum(index.idf(term) for term in pair)

    best = frequencies if len(frequencies) <= MOST_PAIRS else sorted(frequencies, key=information, reverse=True)
    return {pair: frequencies[pair] for pair in list(best)[:MOST_PAIRS]}


def informative_slices(text: str, words: Mapping[str, float], window: int, index: LexicalIndex) -> list[str]:
    """Return slices of a text, each about `window` tokens long; the whole text if it fits.

    Of more than `MOST_SLICES` the best are chosen greedily: each adds the most information of the query's terms that
    the slices chosen before it do not have.
    """
    slices = _slices(text, window)
    if len(slices) <= MOST_SLICES:
        return slices
    information = {term: index.idf(term) for term in words if index.knows(term)}
    left = [(number, {term for term in terms(part) if term in information}) for number, part in enumerate(slices)]
    chosen: list[int] = []
    for _ in range(MOST_SLICES):
        number, found = max(left, key=lambda one: (fsum(information[term] for term in one[1]), -one[0]))
        chosen.append(number)
        left = [(other, has - found) for other, has in left if other != number]
    return [slices[number] for number in sorted(chosen)]


def _slices(text: str, window: int) -> list[str]:
    """Cut between words into slices of equal length: a short last slice would count as much as the others."""
    if len(text) < window:  # a token has at least one character
        return [text]
    starts = word_starts(text)
    count = max(ceil(len(starts) * TOKENS_OF_WORD / window), 1)
    bounds = [0, *(starts[len(starts) * number // count] for number in range(1, count)), len(text)]
    return [text[start:end] for start, end in pairwise(bounds)]
