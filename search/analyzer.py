"""Text → terms, the same way for lessons, queries and the marking of matched words."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from whoosh.lang.porter import stem
from whoosh.lang.stopwords import stoplists

from search.accents import WITHOUT_MARKS

NAME = "words-en-1"
"""Stands in each manifest: an index made by another analyzer is rebuilt."""

# Chinese and Japanese write no spaces, so each of their characters is a term. A dot joins digits only
# (2.8.3): texts that lost their line ends have words like "end.Next". The possessive quantifiers keep
# a word of a megabyte linear.
_CJK = r"\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
# Accents and vowel signs that are characters of their own are part of the word, which `\w` denies.
_MARKS = (
    r"\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u0900-\u0903\u093a-\u094f\u0980-\u0983\u09bc-\u09cd"
    r"\u0a00-\u0d4d\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
)
_LETTERS = rf"(?:[^\W_{_CJK}][{_MARKS}]*+)++"
_WORD = re.compile(rf"[{_CJK}]|{_LETTERS}(?:(?<=\d)\.(?=\d){_LETTERS})*+")

_MAX_WORD_CHARACTERS = 64

_STOP_WORDS = stoplists["en"]
"""Snowball's for English."""


class Term(NamedTuple):
    """An occurrence of a term: `text[start:end]` is the word as it was written."""

    term: str
    start: int
    end: int


@lru_cache(maxsize=200_000)
def _term_of(word: str) -> str | None:
    # What whoosh's chain of filters does, made of its parts: the chain itself imports `urllib`, `http` and `email`.
    folded = unicodedata.normalize("NFC", word).lower().translate(WITHOUT_MARKS)
    return None if folded in _STOP_WORDS else str(stem(folded))


def terms(text: str) -> list[str]:
    """Return the terms of a text in order, with repeats; stop words have none."""
    words = (match.group()[:_MAX_WORD_CHARACTERS] for match in _WORD.finditer(text))
    return [term for word in words if (term := _term_of(word)) is not None]


def word_starts(text: str) -> list[int]:
    """Return where the words of a text begin, stop words too; each character of Chinese and Japanese is a word."""
    return [match.start() for match in _WORD.finditer(text)]


def terms_in_place(text: str) -> list[Term]:
    """Return the terms with the places where they stand."""
    return [
        Term(term, match.start(), match.end())
        for match in _WORD.finditer(text)
        if (term := _term_of(match.group()[:_MAX_WORD_CHARACTERS])) is not None
    ]
