"""Why somebody must look at a lesson, and what to do."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from kb.forms.keep import stale as forms


class Cause(StrEnum):
    """What grew old, the most pressing first."""

    REVIEW = "review"
    """The review date has passed."""
    UNHELPFUL = "unhelpful"
    """It keeps not helping."""
    STILL_USED = "still-used"
    """It was used although it is superseded or retired."""
    DEAD = "dead"
    """A file that it names is gone."""
    ADDRESS = "address"
    """An address on the web that it names is gone."""
    PEOPLE = "people"
    """Nobody whom it names can be asked."""
    FIGURES = "figures"
    """Its figures are older than their period says."""
    OLD = "old"
    """Its tools or methods are older than those may be."""
    NOT_FOUND = "not-found"
    """Questions come near it, and do not find it."""


CAUSES = tuple(Cause)


class Reason(NamedTuple):
    """One reason, in words, with the command that mends it."""

    cause: Cause
    words: str
    command: str
    line: int = 1
    """In the lesson's file, from 1."""

    def as_json(self) -> forms.StaleReason:
        return {"cause": self.cause.value, "words": self.words, "command": self.command, "line": self.line}
