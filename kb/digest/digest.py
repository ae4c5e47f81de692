"""A digest: what is new in a library between two commits."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from kb.system.git_objects import Commit

if TYPE_CHECKING:
    from kb.forms.find import digest as forms


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

    def as_json(self) -> forms.LessonHead:
        return {"id": self.id, "title": self.title, "path": self.path or None, "unit": self.unit or None}


class News(NamedTuple):
    """What happened to one lesson."""

    what: What
    head: Head
    summary: str
    details: tuple[str, ...]
    """Phrases that say what changed."""
    key: str
    """The id by which feeds know the lesson: if its file moved, the one from before."""

    def as_json(self) -> forms.News:
        return {
            **self.head.as_json(),
            "what": self.what.value,
            "summary": self.summary or None,
            "details": list(self.details),
        }


class Measured(NamedTuple):
    """A newly measured impact."""

    head: Head
    result: str
    """The impact, as a phrase."""
    evidence: str
    """The grade with its words."""

    def as_json(self) -> forms.NewlyMeasured:
        return {**self.head.as_json(), "result": self.result, "evidence": self.evidence}


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

    def as_json(self) -> forms.NewlyHelped:
        return {
            "lesson": self.lesson.as_json(),
            "user": self.user.as_json(),
            "outcome": self.outcome or None,
            "note": self.note or None,
            "saved": self.saved or None,
        }


class Gap(NamedTuple):
    """A need that the library does not meet."""

    label: str
    """In the words of those who asked."""
    times: int
    """How often it was asked for."""
    closest: tuple[Head, ...] = ()

    def as_json(self) -> forms.DigestGap:
        return {"label": self.label, "times": self.times, "closest": [head.as_json() for head in self.closest]}


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

    def as_json(self) -> forms.Digest:
        return {
            "library": self.library,
            "reader": self.reader or None,
            "since": _commit(self.since) if self.since else None,
            "until": _commit(self.until),
            "news": [news.as_json() for news in self.news],
            "measured": [measured.as_json() for measured in self.measured],
            "helped": [helped.as_json() for helped in self.helped],
            "gaps": [gap.as_json() for gap in self.gaps],
            "notes": list(self.notes),
        }


def _commit(commit: Commit) -> forms.CommitMade:
    return {"commit": commit.id, "date": in_utc(commit.at)}


def in_utc(instant: datetime) -> str:
    """Return an instant in UTC in the form of RFC 3339."""
    return f"{instant:%Y-%m-%dT%H:%M:%SZ}"
