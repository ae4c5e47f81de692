"""Finds similarly spelled words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import chain

from search.query import nearest

_COMPARED = 20
"""Number of words, those that share most trigrams, that are compared letter by letter."""
_INFORMATIVE = 500
"""A trigram of more words than this is ignored: it hardly discriminates, and counting its words is slow."""


class Lexicon:
    """An index of words by trigrams, to find similar words quickly in any number of them."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words: defaultdict[str, list[str]] = defaultdict(list)
        for word in dict.fromkeys(words):
            for gram in _grams(word):
                self._words[gram].append(word)

    def near(self, word: str, count: int = 1) -> list[str]:
        """Return the words most similar to one, the most similar first, without the word itself."""
        return nearest(word, self.akin(word), count)

    def akin(self, word: str) -> list[str]:
        """Return the words that share most trigrams with one; they include the similar ones."""
        shared = Counter(chain.from_iterable(self._informative(word)))
        del shared[word]
        return [known for known, _ in shared.most_common(_COMPARED)]

    def _informative(self, word: str) -> list[list[str]]:
        """Return for each trigram of a word the words that have it, without those of too frequent trigrams."""
        holders = sorted((self._words[gram] for gram in _grams(word) if gram in self._words), key=len)
        return [words for number, words in enumerate(holders) if not number or len(words) <= _INFORMATIVE]


def _grams(word: str) -> set[str]:
    padded = f" {word.casefold()} "
    return {padded[start : start + 3] for start in range(max(len(padded) - 2, 1))}
