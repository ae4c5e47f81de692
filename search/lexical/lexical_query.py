"""What an index by words is asked, and the records of its answers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import NamedTuple

Pair = tuple[str, str]
"""Two terms, the second directly after the first; stop words between them do not count."""


class LexicalQuery(NamedTuple):
    """A query as an index by words takes it."""

    terms: Mapping[str, float] = MappingProxyType({})
    """Terms with their frequencies in the query; a fraction reduces the weight."""
    pairs: Mapping[Pair, float] = MappingProxyType({})
    """Pairs of neighbouring terms with their frequencies."""
    identifiers: tuple[str, ...] = ()
    """Terms of the query's identifiers; a lesson that has one of them is what the user asked for."""
    stands_for: Mapping[str | Pair, Collection[str]] = MappingProxyType({})
    """Alternative term or pair → the terms of the query for which it counts in a lesson."""


class Spelling(NamedTuple):
    """A word as lessons write it, in lower case."""

    word: str
    lessons: int
    """The number of lessons that have it."""
    slips: int
    """Edit distance to the word that was looked up (restricted Damerau-Levenshtein)."""
