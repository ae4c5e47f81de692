"""The terms of one lesson by field: the input of an index by words."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum


class Field(IntEnum):
    """The fields of a lesson in which a term can occur."""

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
    """The terms of every field but the body."""
    passages: Sequence[Sequence[str]]
    """The terms of the body by passage; empty for a passage that is not of the body."""
    further: Mapping[tuple[Field, int], Sequence[tuple[int, str]]] = field(default_factory=dict)
    """(position, term) of each name and part of a word, by field and passage (0 outside the body).

    They are found like words, but do not count in the lengths of fields and passages.
    """
    spellings: Collection[str] = ()
    """The different words as written, in lower case, that spelling correction may suggest."""
