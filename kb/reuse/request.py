"""What a user says of the use of a lesson."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from kb.system.last_hits import LastHit


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
    last: Sequence[LastHit] | None = None
    """The hits that may be named by number."""
    looks_at_files: bool = True
    """Whether a lesson may be named by the path of its file."""
    by: str = ""
    """Who says so; empty for the user of this machine, whom git or the system names."""
    key: str = ""
    """As `RecordedUse.key`: a second request with the same key records nothing. Empty if it is never repeated."""

    @classmethod
    def typed(cls, lesson: str, where: str, outcome: str, note: str, saved: str) -> ReuseRequest:
        """Return the request that somebody typed: each text is one line."""
        where, outcome, note, saved = (" ".join(text.split()) for text in (where, outcome, note, saved))
        return cls(lesson, where, outcome, note, saved)
