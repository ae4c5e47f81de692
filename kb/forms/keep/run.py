"""The answer of `kb reindex`, and what the ledger has of each run."""

from typing import Literal, TypedDict

Defect = Literal[
    "encoding", "front-matter", "unread-front-matter", "second-front-matter", "merge-conflict", "sync-copy", "empty"
]


class FileProblem(TypedDict):
    """Why a file or folder could not be read completely."""

    path: str
    reason: str
    line: int | None
    """From 1, if known."""
    defect: Defect | None
    """Null if the problem is not in the text of the file."""


class Regression(TypedDict):
    """A lesson that was found for one of its own `answers`, and no longer is."""

    lesson: str
    question: str
    before: int
    """Its previous rank, from 1."""
    ahead: list[str]
    """Ids of the lessons that are found instead, the best first."""


class ClosedGap(TypedDict):
    """A gap that a lesson answers now."""

    number: int
    """In this user's last `kb gaps`, from 1."""
    lesson: str


class Report(TypedDict):
    """What a run did; `kb reindex --json`. Every file is in exactly one of the first five counts."""

    added: int
    changed: int
    removed: int
    unchanged: int
    failed: int
    """Files and folders that could not be read completely; each has its entries in `problems`."""
    lessons: int
    passages: int
    encoded: int
    """Number of passages encoded by the model."""
    seconds: float
    snapshot: str | None
    """Id of the live snapshot after the run; null if there is none yet."""
    published: bool
    """False if nothing had changed, or the new snapshot was refused."""
    problems: list[FileProblem]
    refusal: str
    """Why no new snapshot was published; empty otherwise."""
    asked: int
    """Number of sentences of `answers` for which the new index was searched before it was published."""
    lost: int
    """Number of those that no longer find their lesson."""
    regressions: list[Regression]
    closed_gaps: list[ClosedGap]
    model: str | None
    commit: str | None
    """Of the corpus; null if it is not in git."""
    stages: dict[str, float]
    """Seconds of each stage, in order."""
    words_snapshot: str | None
    """Id of the snapshot with words only that was published first, if there was no index before."""
    words_after: float | None
    """Seconds until that one was published."""


class Writer(TypedDict):
    """The process that wrote."""

    host: str
    pid: int
    started: float
    """Start of the process, in seconds since the epoch."""
    user: str
    since: str
    """When it began to write, in UTC (ISO 8601)."""


class JobRun(TypedDict):
    """One run of a job that writes the index."""

    id: str
    began: str
    """In UTC (ISO 8601)."""
    writer: Writer
    outcome: Literal[
        "published",
        "unchanged",
        "refused",
        "failed",
        "interrupted",
        "rolled back",
        "amended",
        "running",
        "killed",
        "not run",
        "unknown",
    ]
    ended: str | None
    reason: str
    """Why it did not succeed; empty otherwise."""
    report: Report | None
    """Null if it ended before there was one."""
