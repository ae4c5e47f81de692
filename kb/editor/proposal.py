"""What an editor offers to write."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Sort(StrEnum):
    """What a proposal is, for its icon."""

    KEY = "key"
    CHOICE = "choice"
    """One of a fixed set of words."""
    VALUE = "value"
    """A value that other lessons have."""
    LESSON = "lesson"
    FILE = "file"
    HEADING = "heading"


class Proposal(NamedTuple):
    """One text to insert."""

    text: str
    sort: Sort
    detail: str = ""
    """One line beside it."""
    about: str = ""
    """Its documentation, plain text."""
    label: str = ""
    """What is shown, if not the text."""
    found_by: str = ""
    """Further words by which it is found."""


class Proposals(NamedTuple):
    """Proposals in order, and what they replace."""

    items: tuple[Proposal, ...] = ()
    replaced: int = 0
    """Number of characters before the cursor that are replaced."""
    more: bool = False
    """Whether there are more, which are found by typing more letters."""
