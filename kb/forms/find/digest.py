"""The answer of `kb digest`."""

from typing import Literal, TypedDict


class CommitMade(TypedDict):
    """A commit of the library."""

    commit: str
    date: str
    """In UTC (RFC 3339)."""


class LessonHead(TypedDict):
    """What names a lesson; null is not known."""

    id: str
    title: str
    path: str | None
    unit: str | None


class News(LessonHead):
    """What happened to one lesson."""

    what: Literal["new", "changed", "superseded", "retired", "removed"]
    summary: str | None
    details: list[str]
    """Phrases that say what changed."""


class NewlyMeasured(LessonHead):
    """A newly measured impact."""

    result: str
    """The impact, as a phrase."""
    evidence: str
    """The grade with its words, as one text."""


class NewlyHelped(TypedDict):
    """A newly noted use of a lesson."""

    lesson: LessonHead
    """The lesson that was used."""
    user: LessonHead
    """The later lesson, or where it was used."""
    outcome: str | None
    """`helped`, `partly` or `did-not-help`, or as written."""
    note: str | None
    saved: str | None
    """What it saved, as written."""


class DigestGap(TypedDict):
    """A need that the library does not meet."""

    label: str
    times: int
    """How often it was asked for."""
    closest: list[LessonHead]


class Digest(TypedDict):
    """What is new in a library; `kb digest --json`, with `--all` an array of them."""

    library: str
    """The name of the library's folder."""
    reader: str | None
    """The name of the subscription; null if it is for everybody."""
    since: CommitMade | None
    """Compared with the lessons of this commit; null if all lessons are new."""
    until: CommitMade
    news: list[News]
    measured: list[NewlyMeasured]
    helped: list[NewlyHelped]
    gaps: list[DigestGap]
    notes: list[str]
    """What a reader must know about the comparison."""
