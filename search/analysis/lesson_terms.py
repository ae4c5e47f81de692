"""The terms of one lesson, field by field: what is given to an index by words."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum


class Field(IntEnum):
    """Where in a lesson a term stands."""

    BODY = 0
    TITLE = 1
    HEADINGS = 2
    SUMMARY = 3
    ANSWERS = 4
    TAGS = 5
    OTHER = 6
    """The rest of the front matter: people, unit, unknown keys."""


@dataclass(frozen=True, slots=True)
class LessonTerms:
    """The terms of one lesson, analyzed."""

    fields: Mapping[Field, Sequence[str]]
    """Every field but the body."""
    passages: Sequence[Sequence[str]]
    """The body, passage by passage; empty for a passage that is not of the body."""
    further: Mapping[tuple[Field, int], Sequence[tuple[int, str]]] = field(default_factory=dict)
    """By field and passage (0 outside the body): names and parts of words, each with the position of its word.

    They are found as words are, and do not count in the lengths of fields and passages.
    """
    spellings: Collection[str] = ()
    """The different words as they are written, in lower case, that a word of a query may be a slip of."""
