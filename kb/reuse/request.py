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
    by: str = ""
    """Who says so; empty for the user of this machine, whom git or the system names."""
    key: str = ""
    """As `RecordedUse.key`: a second request with the same key records nothing. Empty if it is never repeated."""

    @classmethod
    def typed(cls, lesson: str, where: str, outcome: str, note: str, saved: str) -> ReuseRequest:
        """Return the request that somebody typed: each text is one line."""
        return cls(lesson, *(" ".join(text.split()) for text in (where, outcome, note, saved)))
