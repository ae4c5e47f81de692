"""How rare a word is in the language, for libraries that are too small to tell.

In a library of twelve lessons nearly every word is rare. So a library is read together with some imagined texts
that use words as English does, and the more lessons it has, the less these count.
"""

from __future__ import annotations

from functools import cache
from math import exp, log1p
from pathlib import Path

FILE = Path(__file__).parent.with_name("data") / "english.txt"
"""Made by `benchmarks/common_words.py`: one term on each line, the most frequent first."""
MOST_COMMON = 8000

_IMAGINED_TEXTS = 100
_WORDS_OF_TEXT = 200
# Zipf's law: the word of rank r makes up about a tenth of 1/r of a text (Zipf 1949). Stop words, which are no
# terms, take the first ranks; a word that is not listed is taken for one far down.
_ZIPF = 0.1
_STOP_WORDS = 30
_RANK_OF_OTHERS = 60_000


def information(term: str, lessons_with_it: int, lessons: int) -> float:
    """Return how much a term tells, in nats: its inverse document frequency in the library and in the language."""
    having = lessons_with_it + _IMAGINED_TEXTS * _share_of_texts(term)
    texts = lessons + _IMAGINED_TEXTS
    return log1p((texts - having + 0.5) / (having + 0.5))


def _share_of_texts(term: str) -> float:
    """Return the share of English texts of some length that have a term."""
    return 1 - exp(-_WORDS_OF_TEXT * _ZIPF / _ranks().get(term, _RANK_OF_OTHERS))


@cache
def _ranks() -> dict[str, int]:
    return {term: rank for rank, term in enumerate(FILE.read_text("utf-8").split(), _STOP_WORDS)}
