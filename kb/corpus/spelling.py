"""Words that are meant to be another."""

from __future__ import annotations

import difflib
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain, takewhile

_COMPARED = 20
"""So many of the words that share most with one are compared with it letter by letter."""
_TELLING = 500
"""Three letters that more words have tell nothing of any, and looking at all of those takes its time."""
_LONG_ENOUGH = 4
"""In a word of fewer letters one letter makes too much of a difference."""


def is_slip(word: str, meant: str) -> bool:
    """Say whether one slip of the hand lies between two words: a letter more, less or other, or two swapped."""
    if word == meant or min(len(word), len(meant)) < _LONG_ENOUGH:
        return False
    word, meant = _without_shared_start(word, meant)
    word, meant = _without_shared_start(word[::-1], meant[::-1])
    return max(len(word), len(meant)) == 1 or (len(word) == 2 and word == meant[::-1])


def _without_shared_start(one: str, other: str) -> tuple[str, str]:
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    return one[shared:], other[shared:]


class Lexicon:
    """Words in use; however many there are, those near another are found quickly."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words: defaultdict[str, list[str]] = defaultdict(list)
        for word in dict.fromkeys(words):
            for gram in _grams(word):
                self._words[gram].append(word)

    def near(self, word: str, count: int = 1) -> list[str]:
        """Return the words that look most like one, the nearest first, without the word itself."""
        folded = {known: known.casefold() for known in self.akin(word)}
        close = difflib.get_close_matches(word.casefold(), folded.values(), count)
        return sorted(
            (known for known, said in folded.items() if said in close), key=lambda known: close.index(folded[known])
        )[:count]

    def akin(self, word: str) -> list[str]:
        """Return the words that share most letters in a row with one, among which those near it are."""
        shared = Counter(chain.from_iterable(self._telling(word)))
        del shared[word]
        return [known for known, _ in shared.most_common(_COMPARED)]

    def _telling(self, word: str) -> list[list[str]]:
        """Return the words with each gram of a word, without the grams that tell least: those of too many words."""
        holders = sorted((self._words[gram] for gram in _grams(word) if gram in self._words), key=len)
        return [words for number, words in enumerate(holders) if not number or len(words) <= _TELLING]


@lru_cache(1024)
def nearest(word: str, words: tuple[str, ...]) -> str:
    """Return what to say of a word that is none of a few: the nearest, else all of them."""
    close = difflib.get_close_matches(word.casefold(), words, 1, 0.7)
    return f"did you mean {close[0]}?" if close else f"known are {', '.join(words)}"


def _grams(word: str) -> set[str]:
    padded = f" {word.casefold()} "
    return {padded[start : start + 3] for start in range(max(len(padded) - 2, 1))}
