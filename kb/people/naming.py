"""Compares the names and addresses by which people are known."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

# Of bounded length, so that a long text without an address does not take time that grows with its square.
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"'|@]{1,100}@[^\s<>()\[\],;:\"'|@]{1,255}", re.ASCII)
_NO_END = re.compile(r"[\W_]+\Z")
_BRACKETS = re.compile(r"<[^<>]*>|\([^()]*\)|\[[^\[\]]*\]")
_LAST_NAME_FIRST = re.compile(r"([^,]+),([^,]+)")
_NOT_IN_A_WORD = re.compile(r"[\W_]+")
_BETWEEN = re.compile(r"\s+(?:and|und|et|y|e)\s+|\s*[;/&+]\s*", re.IGNORECASE)
_LONGEST = 1000
"""Characters of a name that are compared; nobody has a longer one."""
# Letters without a shape; they would part a name in two.
_SHAPELESS = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0]")


@lru_cache(maxsize=10_000)
def key_of(name: str) -> str:
    """Return a name without differences of case, accents, punctuation and order: `Doe, Jane` → `jane doe`.

    Addresses and what stands in brackets are no part of a name.
    """
    plain = _ADDRESS.sub(" ", _BRACKETS.sub(" ", name[:_LONGEST])).strip()
    if swapped := _LAST_NAME_FIRST.fullmatch(plain):
        plain = f"{swapped[2]} {swapped[1]}"
    return " ".join(folded_words(plain))


def folded_words(text: str) -> list[str]:
    """Return the words of a text without differences of case, accents, punctuation and invisible signs."""
    letters = unicodedata.normalize("NFKD", _SHAPELESS.sub("", text).casefold())
    kept = "".join(sign for sign in letters if unicodedata.category(sign) not in ("Mn", "Cf"))
    return _NOT_IN_A_WORD.sub(" ", kept).split()


def addresses_in(*texts: str) -> frozenset[str]:
    """Return the mail addresses in some texts; their case is ignored, as all mail programs do."""
    return frozenset(
        _NO_END.sub("", found[0]).casefold() for text in texts if "@" in text for found in _ADDRESS.finditer(text)
    )


def persons_in(name: str) -> tuple[str, ...]:
    """Return the names in an entry that names several people: `M. Morrison and B. Jaworski` are two.

    `Sales and service` is one name, because not each part looks like the name of a person.
    """
    parts = [part.strip() for part in _BETWEEN.split(name[:_LONGEST])]
    if len(parts) == 1 and "," in name:
        parts = [part.strip() for part in name[:_LONGEST].split(",")]
    return tuple(parts) if len(parts) > 1 and all(map(_is_of_a_person, parts)) else (name,)


def words_of(key: str) -> Iterator[str]:
    """Yield the words of a name's key that tell people apart: those of more than one letter."""
    return (word for word in key.split() if len(word) > 1)


def _is_of_a_person(part: str) -> bool:
    words = part.split()
    return len(words) > 1 and all(not word[0].islower() for word in words)
