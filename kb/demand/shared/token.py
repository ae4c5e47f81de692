"""The words of a shared gap: hidden until three people have the same.

A word goes through three forms as more people share it. *Faint*: ten bits of its hash, which stand for very many words
of the language, and are enough to see that two gaps have several words in common. *Sure*: 48 bits, which say that two
words are the same; somebody who guesses the word can check the guess. *Clear*: the word.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from typing import NamedTuple

from search.query import terms

PEOPLE = 3
"""Number of people below which no word is shown (k-anonymity, Sweeney 2002)."""
_FAINT_BITS, _SURE_BITS = 10, 48
FAINT_VALUES = 2**_FAINT_BITS
_FAINT, _SURE, _CLEAR = "~", "#", ""
PATTERN = re.compile(r"(~)([0-9a-f]{3})|(#)([0-9a-f]{12})|()([^\W\d_]{3,24})")


class Token(NamedTuple):
    """A word in one of its forms."""

    form: str
    value: str
    """Hexadecimal digits, or the word."""

    def __str__(self) -> str:
        return self.form + self.value

    @property
    def faint(self) -> int:
        """The ten bits, which every form has."""
        return int(self.value, 16) if self.form == _FAINT else self._sure >> (_SURE_BITS - _FAINT_BITS)

    @property
    def sure(self) -> int | None:
        """The 48 bits; None if it is faint."""
        return None if self.form == _FAINT else self._sure

    @property
    def word(self) -> str:
        """The word; empty if it is hidden."""
        return self.value if self.form == _CLEAR else ""

    @property
    def _sure(self) -> int:
        return int(self.value, 16) if self.form == _SURE else hash_of(_term_of(self.value))


def faint(term: str) -> Token:
    return Token(_FAINT, f"{hash_of(term) >> (_SURE_BITS - _FAINT_BITS):03x}")


def sure(term: str) -> Token:
    return Token(_SURE, f"{hash_of(term):012x}")


def clear(word: str) -> Token:
    return Token(_CLEAR, word.casefold())


def read_token(text: str) -> Token | None:
    """Return a token as `str` writes it; None for any other text."""
    found = PATTERN.fullmatch(text)
    if not found or text != text.casefold() or not text.isprintable():
        return None
    form, value = (part for part in found.groups() if part is not None)
    token = Token(form, value)
    return token if token.form or _term_of(value) else None


@lru_cache(maxsize=100_000)
def hash_of(term: str) -> int:
    """Return 48 bits of the hash of a term."""
    return int.from_bytes(hashlib.sha256(f"kb gaps\0{term}".encode()).digest()[: _SURE_BITS // 8], "big")


@lru_cache(maxsize=100_000)
def _term_of(word: str) -> str:
    """Return the term of a word; empty for a stop word, and for text that is several words."""
    found = terms(word)
    return found[0] if len(found) == 1 else ""
