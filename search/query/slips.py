"""A word that no lesson has → the words of lessons that it may be a slip of the pen of.

Compared are words as they are written, not terms: a stem has lost the letters in which half of the slips are.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from math import sqrt
from typing import TYPE_CHECKING, NamedTuple

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from search.lexical.analyzer import is_spelt, spelling_of, term_of

if TYPE_CHECKING:
    from search.lexical.postings import Postings

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


def candidates(written: str, postings: Postings) -> list[Candidate]:
    """Return the few words that an unknown word is most likely a slip of, the likeliest first."""
    word = spelling_of(written)
    if not is_spelt(word):
        return []
    most = 1 if len(word) < _FROM_TWO_SLIPS else 2
    found = _near(word, postings.spellings, most)
    nearest = min((slips for _, slips in found), default=0)
    return _weighed(word, [number for number, slips in found if slips == nearest], nearest, postings)


def _near(word: str, spellings: Sequence[str], most: int) -> list[tuple[int, int]]:
    """Return the numbers of the spellings that are so near, and how many slips each takes.

    The first letter is right in most slips, and then a twentieth of the words is enough to look at. A short word
    that begins otherwise is another word: `Kabel` is no `label`.
    """
    start, end = bisect_left(spellings, word[0]), bisect_left(spellings, chr(ord(word[0]) + 1))
    found = _extracted(word, spellings[start:end], start, most)
    return found if found or len(word) < _FIRST_LETTER_TOO else _extracted(word, spellings, 0, most)


def _extracted(word: str, spellings: Sequence[str], first: int, most: int) -> list[tuple[int, int]]:
    found = extract(word, spellings, scorer=OSA.distance, score_cutoff=most, limit=None)
    return [(first + number, int(slips)) for _, slips, number in found]


def _weighed(word: str, numbers: Iterable[int], slips: int, postings: Postings) -> list[Candidate]:
    """Return the candidates of different terms; each goes by its spelling that most lessons have."""
    least = 1 + len(postings.passages_of) // _LESSONS_FOR_EACH
    by_term: dict[str, str] = {}
    for number in sorted(numbers, key=lambda number: -int(postings.lessons_with_spelling[number])):
        spelling = postings.spellings[number]
        term = term_of(spelling)
        if term is not None and len(postings.having(term)) >= least:
            by_term.setdefault(term, spelling)
    most = max((len(postings.having(term)) for term in by_term), default=1)
    weighed = [
        Candidate(spelling, term, (1 - slips / len(word)) * sqrt(len(postings.having(term)) / most))
        for term, spelling in by_term.items()
    ]
    likely = sorted((one for one in weighed if one.weight >= _LEAST_WEIGHT), key=lambda one: (-one.weight, one.word))
    return likely[:MOST_CANDIDATES]
