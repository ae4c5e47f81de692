"""What a user says of the use of a lesson."""

from __future__ import annotations

from typing import NamedTuple


class ReuseRequest(NamedTuple):
    """The use of a lesson, to be recorded."""

    lesson: str
    """The lesson that was used, as a reader names it."""
    where: str
    """The later lesson, by its id or file, or words for an intervention that has none."""
    outcome: str
    """One of `OUTCOMES` of the format."""
    note: str = ""
    saved: str = ""
