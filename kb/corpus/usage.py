"""The tags or units in use in a library, and their variant spellings."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from kb.corpus.spelling import Lexicon
from search.query import is_slip

_BETWEEN = re.compile(r"[\s_-]+|[.,](?!\d)")
_WORD = re.compile(r"\w+")
_PLURAL = re.compile(r"(?<=\w{3})(?<![sui])s$")
_OTHER_ENGLISH = ((re.compile(r"iz(?=e|ing|ation)"), "is"), (re.compile(r"our(?=$|s|al|ed|ing)"), "or"))
_INFORMATIVE = 3
"""Least length of a significant word; shorter ones occur in every text."""
_STEM = 5
"""Words with this many first letters in common probably have the same stem."""
_CLEAR = 2
"""A spelling is the right one if it is used this many times as often as every other."""


@dataclass(frozen=True)
class Usage:
    """Tags, or units, as they are spelled, with the number of lessons of each."""

    counts: Counter[str]

    @cached_property
    def _spellings(self) -> Mapping[str, Sequence[str]]:
        """By folded word, all its spellings, the most used first."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for word in self._most_used_first:
            found[_folded(word)].append(word)
        return dict(found)

    @cached_property
    def _most_used_first(self) -> Sequence[str]:
        return sorted(self.counts, key=lambda word: (-self.counts[word], word))

    @cached_property
    def _lexicon(self) -> Lexicon:
        return Lexicon(self.counts)

    @cached_property
    def _by_stem(self) -> Mapping[str, Sequence[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for word in self._most_used_first:
            for stem in _stems(word):
                found[stem].append(word)
        return dict(found)

    @property
    def lone(self) -> int:
        """Number of words that occur in one lesson only."""
        return sum(count == 1 for count in self.counts.values())

    def other_spelling(self, word: str) -> str | None:
        """Return the most used other spelling of a word, unless the word itself is used more; None if there is none.

        Of two spellings used equally often, each is returned for the other.
        """
        others = [other for other in self._spellings.get(_folded(word), ()) if other != word]
        return others[0] if others and self.counts[others[0]] >= self.counts[word] else None

    def is_clear(self, word: str) -> bool:
        """Return whether a word is used clearly more often than all its other spellings."""
        first, *others = self._spellings[_folded(word)]
        return word == first and all(self.counts[word] >= _CLEAR * self.counts[other] for other in others)

    def near(self, word: str, count: int = 3) -> list[str]:
        """Return the words in use that share a stem with one or differ by a typing error, the most used first."""
        slips = (other for other in self._lexicon.akin(word) if is_slip(word, other))
        # Thousands may share a stem; the first ones are enough, plus one because the word itself may be among them.
        related = {other for stem in _stems(word) for other in self._by_stem.get(stem, ())[: count + 1]}
        return sorted({*slips, *related} - {word}, key=lambda other: (-self.counts[other], other))[:count]

    def proposed(self, text: str) -> list[str]:
        """Return the words in use that occur in a text in any spelling, the most used first."""
        words = {_folded(word) for word in _WORD.findall(text)}
        return [word for word, _ in self.counts.most_common() if self._stands_in(word, words)]

    def _stands_in(self, word: str, words: set[str]) -> bool:
        parts = [_folded(part) for part in _WORD.findall(word.replace("_", " "))]
        telling = any(len(part) >= _INFORMATIVE for part in parts)
        return telling and (words.issuperset(parts) or _folded(word) in words) and self.other_spelling(word) is None


def _stems(word: str) -> set[str]:
    """Return the first letters of the significant parts of a word."""
    return {part[:_STEM] for part in map(_folded, _WORD.findall(word.replace("_", " "))) if len(part) > _INFORMATIVE}


def _folded(word: str) -> str:
    """Normalize case, hyphens, plurals, and British and American endings such as `-ise` and `-ize`."""
    folded = _PLURAL.sub("", _BETWEEN.sub("", word.casefold()))
    for pattern, spelling in _OTHER_ENGLISH:
        folded = pattern.sub(spelling, folded)
    return folded
