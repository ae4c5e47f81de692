"""How rare a word is in English, for libraries that are too small to show it.

In a library of twelve lessons nearly every word is rare. So its document frequencies are taken together with those of
some imagined texts that use words as English does; the more lessons it has, the less these count.
"""

from __future__ import annotations

from functools import cache
from math import exp, log1p
from pathlib import Path

FILE = Path(__file__).parent.with_name("data") / "english.txt"
"""Made by `benchmarks/common_words.py`: one term per line, the most frequent first."""
MOST_COMMON = 8000

IMAGINED_TEXTS = 100
_WORDS_OF_TEXT = 200
# Zipf's law: the word of rank r makes up about 0.1 / r of a text (Zipf 1949). Stop words, which are no terms, take the
# first ranks; a word that is not listed gets a rank far down.
_ZIPF = 0.1
_STOP_WORDS = 30
_RANK_OF_OTHERS = 60_000


def information(term: str, lessons_with_it: int, lessons: int) -> float:
    """Return a term's information in nats: its inverse document frequency over lessons and imagined texts."""
    having = lessons_with_it + IMAGINED_TEXTS * share_of_texts(term)
    texts = lessons + IMAGINED_TEXTS
    return log1p((texts - having + 0.5) / (having + 0.5))


def share_of_texts(term: str) -> float:
    """Return the expected share of English texts of `_WORDS_OF_TEXT` words that have a term."""
    return 1 - exp(-_WORDS_OF_TEXT * _ZIPF / _ranks().get(term, _RANK_OF_OTHERS))


@cache
def _ranks() -> dict[str, int]:
    return {term: rank for rank, term in enumerate(FILE.read_text("utf-8").split(), _STOP_WORDS)}
