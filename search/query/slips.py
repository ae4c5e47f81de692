"""Candidates for the correction of an unknown word, which may be a slip (typing error) of a similar word of lessons.

Words are compared as written, not as terms: a stem has lost the letters in which half of the slips are.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import TYPE_CHECKING, NamedTuple

from search.analysis.analyzer import is_spelt, spelling_of, term_of

if TYPE_CHECKING:
    from search.lexical.index import LexicalIndex
    from search.lexical.lexical_query import Spelling

MOST_CANDIDATES = 3
# One slip in a word of 4 to 7 letters, two in a longer one (restricted Damerau-Levenshtein distance: a letter inserted,
# deleted or replaced, or two swapped).
_FROM_TWO_SLIPS = 8
_FIRST_LETTER_TOO = 6
# A candidate that fewer than one in this many lessons have is unlikely to be meant.
_LESSONS_FOR_EACH = 500
_LEAST_WEIGHT = 0.3


class Candidate(NamedTuple):
    """A word that an unknown word may mean."""

    word: str
    """As lessons write it."""
    term: str
    weight: float
    """Similarity times the square root of its share of the lessons of the most frequent candidate; 0 to 1."""


def candidates(written: str, index: LexicalIndex) -> list[Candidate]:
    """Return at most `MOST_CANDIDATES` words that an unknown word may be a slip of, the likeliest first."""
    word = spelling_of(written)
    if not is_spelt(word):
        return []
    similar = _similar(word, index, most_slips=1 if len(word) < _FROM_TWO_SLIPS else 2)
    fewest = min((spelling.slips for spelling in similar), default=0)
    return _weighed(word, [spelling for spelling in similar if spelling.slips == fewest], index)


def _similar(word: str, index: LexicalIndex, most_slips: int) -> Sequence[Spelling]:
    """Return the words of lessons that differ from a word by at most `most_slips` slips.

    The first letter is right in most slips, so that at first only words with this letter are compared, a twentieth of
    all. A short word with another first letter is another word: `Kabel` is not `label`.
    """
    found = index.similar_spellings(word, most_slips, prefix=word[0])
    return found if found or len(word) < _FIRST_LETTER_TOO else index.similar_spellings(word, most_slips)


def _weighed(word: str, similar: Sequence[Spelling], index: LexicalIndex) -> list[Candidate]:
    """Return one candidate for each term, in the spelling that most lessons have."""
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
