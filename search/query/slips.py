"""A word that no lesson has → the words of lessons that it may be a slip of the pen of.

Compared are words as they are written, not terms: a stem has lost the letters in which half of the slips are.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import TYPE_CHECKING, NamedTuple

from search.analysis.analyzer import is_spelt, spelling_of, term_of

if TYPE_CHECKING:
    from search.lexical.index import LexicalIndex, Spelling

MOST_CANDIDATES = 3
# One slip in a word of 4 to 7 letters, two in a longer one (restricted Damerau-Levenshtein: a letter more, less,
# another, or two swapped).
_FROM_TWO_SLIPS = 8
_FIRST_LETTER_TOO = 6
# A word of which fewer than one lesson in this many has any is no likely meaning of what was typed.
_LESSONS_FOR_EACH = 500
_LEAST_WEIGHT = 0.3


class Candidate(NamedTuple):
    """What a word may have been meant to be."""

    word: str
    """As lessons write it."""
    term: str
    weight: float
    """Likeness times the root of how many lessons have it, against the one that most have; 0 to 1."""


def candidates(written: str, index: LexicalIndex) -> list[Candidate]:
    """Return the few words that an unknown word is most likely a slip of, the likeliest first."""
    word = spelling_of(written)
    if not is_spelt(word):
        return []
    similar = _similar(word, index, most_slips=1 if len(word) < _FROM_TWO_SLIPS else 2)
    fewest = min((spelling.slips for spelling in similar), default=0)
    return _weighed(word, [spelling for spelling in similar if spelling.slips == fewest], index)


def _similar(word: str, index: LexicalIndex, most_slips: int) -> Sequence[Spelling]:
    """Return the words of lessons that are so similar.

    The first letter is right in most slips, and then a twentieth of the words is enough to look at. A short word
    that begins otherwise is another word: `Kabel` is no `label`.
    """
    found = index.similar_spellings(word, most_slips, prefix=word[0])
    return found if found or len(word) < _FIRST_LETTER_TOO else index.similar_spellings(word, most_slips)


def _weighed(word: str, similar: Sequence[Spelling], index: LexicalIndex) -> list[Candidate]:
    """Return the candidates of different terms; each goes by its spelling that most lessons have."""
    least = 1 + index.lessons // _LESSONS_FOR_EACH
    by_term: dict[str, tuple[Spelling, int]] = {}
    for spelling in sorted(similar, key=lambda spelling: -spelling.lessons):
        term = term_of(spelling.word)
        if term is not None and (lessons := len(index.having(term))) >= least:
            by_term.setdefault(term, (spelling, lessons))
    most = max((lessons for _, lessons in by_term.values()), default=1)
    weighed = [
        Candidate(spelling.word, term, (1 - spelling.slips / len(word)) * sqrt(lessons / most))
        for term, (spelling, lessons) in by_term.items()
    ]
    likely = sorted((one for one in weighed if one.weight >= _LEAST_WEIGHT), key=lambda one: (-one.weight, one.word))
    return likely[:MOST_CANDIDATES]
