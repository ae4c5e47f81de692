"""A digest: what is new in a library between two commits."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from kb.system.git_objects import Commit


class What(StrEnum):
    """What happened to a lesson."""

    NEW = "new"
    CHANGED = "changed"
    SUPERSEDED = "superseded"
    RETIRED = "retired"
    REMOVED = "removed"


class Head(NamedTuple):
    """What names a lesson."""

    id: str
    title: str
    path: str = ""
    """Relative to the root; empty if it is not known."""
    unit: str = ""


class News(NamedTuple):
    """What happened to one lesson."""

    what: What
    head: Head
    summary: str
    details: tuple[str, ...]
    """Phrases that say what changed."""
    key: str
    """The id by which feeds know the lesson: if its file moved, the one from before."""


class Measured(NamedTuple):
    """A newly measured impact."""

    head: Head
    result: str
    """The impact, as a phrase."""
    evidence: str
    """The grade with its words."""


class Helped(NamedTuple):
    """A newly noted use of a lesson."""

    lesson: Head
    """The lesson that was used."""
    user: Head
    """The later lesson, or where it was used."""
    outcome: str
    """As in `Reuse`; empty if not stated."""
    note: str
    saved: str = ""
    """What it saved, as written."""


class Gap(NamedTuple):
    """A need that the library does not meet."""

    label: str
    """In the words of those who asked."""
    times: int
    """How often it was asked for."""
    closest: tuple[Head, ...] = ()


class Digest(NamedTuple):
    """What is new in a library."""

    library: str
    """The name of the library's folder."""
    reader: str
    """The name of the subscription; empty if it is for everybody."""
    since: Commit | None
    """Compared with the lessons of this commit; None if all lessons are new."""
    until: Commit
    news: tuple[News, ...]
    measured: tuple[Measured, ...]
    helped: tuple[Helped, ...]
    gaps: tuple[Gap, ...] = ()
    notes: tuple[str, ...] = ()
    """What a reader must know about the comparison."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell; gaps alone are no news."""
        return not (self.news or self.measured or self.helped)

    def of(self, *what: What) -> tuple[News, ...]:
        """Return the lessons to which one of these happened."""
        return tuple(one for one in self.news if one.what in what)

    def as_json(self) -> dict[str, Any]:
        return {
            "library": self.library,
            "reader": self.reader or None,
            "since": _commit(self.since) if self.since else None,
            "until": _commit(self.until),
            "news": [
                {**_head(one.head), "what": one.what, "summary": one.summary or None, "details": list(one.details)}
                for one in self.news
            ],
            "measured": [{**_head(one.head), "result": one.result, "evidence": one.evidence} for one in self.measured],
            "helped": [
                {
                    "lesson": _head(one.lesson),
                    "user": _head(one.user),
                    "outcome": one.outcome or None,
                    "note": one.note or None,
                    "saved": one.saved or None,
                }
                for one in self.helped
            ],
            "gaps": [
                {"label": gap.label, "times": gap.times, "closest": [_head(head) for head in gap.closest]}
                for gap in self.gaps
            ],
            "notes": list(self.notes),
        }


def _head(head: Head) -> dict[str, str | None]:
    return {"id": head.id, "title": head.title, "path": head.path or None, "unit": head.unit or None}


def _commit(commit: Commit) -> dict[str, str]:
    return {"commit": commit.id, "date": in_utc(commit.at)}


def in_utc(instant: datetime) -> str:
    """Return an instant in UTC in the form of RFC 3339."""
    return f"{instant:%Y-%m-%dT%H:%M:%SZ}"
