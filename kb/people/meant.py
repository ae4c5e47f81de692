"""Recognises the name of a person in a query."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from kb.people.naming import key_of, persons_in, words_of

_LEAD = re.compile(
    r"\s*(?:who\s+is|who's|ask|contact|(?:lessons?|cases?)\s+(?:by|from|of|with)|written\s+by)\s+", re.IGNORECASE
)
_BETWEEN = frozenset({"and", "und", "et", "y"})
_MOST_WORDS = 5
_LONGEST = 80


def words_of_name(query: str) -> tuple[str, ...]:
    """Return the words of a query that may be a person's name; empty if it is none."""
    if len(query) > _LONGEST:
        return ()
    found = tuple(word for word in key_of(_LEAD.sub("", query, count=1)).split() if word not in _BETWEEN)
    return found if len(found) <= _MOST_WORDS and any(map(_tells, found)) else ()


def meant(words: Sequence[str], known: Iterable[str]) -> list[str]:
    """Return the known names that a query with these words may mean.

    `Mike Morrison` and `Morrison` mean `M. Morrison`: an initial stands for any name that begins with it, but the last
    word of the query must be a name.
    """
    return [name for name in known if _may_be_in(words, name) and any(_fits(words, one) for one in _forms(name))]


def person_meant(words: Sequence[str], name: str) -> str:
    """Return the person whom a query means, of a known name that may be that of several."""
    return next((person for person in persons_in(name) if _fits(words, key_of(person))), name)


def respelt(words: Sequence[str], known: Iterable[str]) -> tuple[str, ...]:
    """Return words with those that no name has replaced by the most similar word of a name; empty if there is none."""
    from search.query import NEARLY_EQUAL, nearest  # imported only when a name is misspelt

    parts = {part for name in known for part in words_of(key_of(name))}
    found = [word if word in parts else next(iter(nearest(word, parts, 1, NEARLY_EQUAL)), "") for word in words]
    return tuple(found) if all(found) else ()


def _tells(word: str) -> bool:
    return len(word) > 1 and not word.isdigit()


def _may_be_in(words: Sequence[str], name: str) -> bool:
    """Return whether a name may have the last of the words; quick, because there may be many thousands of names."""
    return not name.isascii() or words[-1] in name.lower()


def _forms(name: str) -> Iterable[str]:
    """Yield the whole name, and each person in it."""
    yield key_of(name)
    yield from map(key_of, persons_in(name))


def _fits(words: Sequence[str], key: str) -> bool:
    parts = key.split()
    return words[-1] in words_of(key) and all(any(_same(word, part) for part in parts) for word in words)


def _same(word: str, part: str) -> bool:
    return word == part or (1 in (len(word), len(part)) and word[:1] == part[:1])


def named_once(names: Iterable[str]) -> list[str]:
    """Return the names without those that are written twice in different ways."""
    return list({key_of(name): name for name in names}.values())
