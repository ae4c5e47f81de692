"""What the keeper of a library must know and do this week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from kb.ageing.stale import Stale
from kb.alike.near_duplicates import NearDuplicates
from kb.digest.digest import Digest
from kb.topics.report import Topic

if TYPE_CHECKING:
    from kb.forms.keep import weekly as forms


class Need(NamedTuple):
    """What people asked for, and what would answer it."""

    label: str
    said: Sequence[str]
    """How often it was asked, why it counts, and what would close it."""
    command: str

    def as_json(self) -> forms.WeeklyNeed:
        return {"label": self.label, "said": list(self.said), "command": self.command}


class Weekly(NamedTuple):
    """One week of a library, with what is to be done."""

    library: str
    """The name of the library's folder."""
    today: date
    since: str
    """What came in is counted from then, as the user wrote it; empty for a week."""
    news: Digest | None
    """What came in, was measured, and helped; None if git does not know it."""
    stale: Stale
    needs: Sequence[Need]
    """Those asked most first."""
    near: NearDuplicates | None
    """None if the index has no vectors yet."""
    thin: Sequence[Topic]
    """The topics where the library is weakest, the weakest first."""
    notes: Sequence[str]
    """What could not be found out, and why."""

    def as_json(self) -> forms.Weekly:
        return {
            "library": self.library,
            "date": self.today.isoformat(),
            "news": self.news.as_json() if self.news else None,
            "stale": self.stale.as_json(),
            "needs": [need.as_json() for need in self.needs],
            "near_duplicates": self.near.as_json() if self.near else None,
            "thin": [topic.as_json() for topic in self.thin],
            "notes": list(self.notes),
        }
