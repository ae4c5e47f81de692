"""Words that are meant to be another."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import chain

from search.nearest import nearest

_COMPARED = 20
"""So many of the words that share most with one are compared with it letter by letter."""
_TELLING = 500
"""Three letters that more words have tell nothing of any, and looking at all of those takes its time."""


class Lexicon:
    """Words in use; however many there are, those near another are found quickly."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words: defaultdict[str, list[str]] = defaultdict(list)
        for word in dict.fromkeys(words):
            for gram in _grams(word):
                self._words[gram].append(word)

    def near(self, word: str, count: int = 1) -> list[str]:
        """Return the words that look most like one, the nearest first, without the word itself."""
        return nearest(word, self.akin(word), count)

    def akin(self, word: str) -> list[str]:
        """Return the words that share most letters in a row with one, among which those near it are."""
        shared = Counter(chain.from_iterable(self._telling(word)))
        del shared[word]
        return [known for known, _ in shared.most_common(_COMPARED)]

    def _telling(self, word: str) -> list[list[str]]:
        """Return the words with each gram of a word, without the grams that tell least: those of too many words."""
        holders = sorted((self._words[gram] for gram in _grams(word) if gram in self._words), key=len)
        return [words for number, words in enumerate(holders) if not number or len(words) <= _TELLING]


def _grams(word: str) -> set[str]:
    padded = f" {word.casefold()} "
    return {padded[start : start + 3] for start in range(max(len(padded) - 2, 1))}
