"""The answer of `kb status`."""

from typing import Literal, TypedDict

from kb.forms.keep.run import FileProblem, JobRun
from kb.forms.lesson import Mode


class Freshness(TypedDict):
    """Whether an index is up to date."""

    state: Literal["damaged", "running now", "last run failed", "never run", "old", "stale", "by words only", "fresh"]
    last_good: str | None
    """When the last successful run began, in UTC (ISO 8601)."""
    age: float | None
    """Seconds since `last_good`."""
    verdict: str
    """For a person, in one line."""
    alarm: str
    """Why a monitor should raise an alarm; empty if it should not."""


class Thresholds(TypedDict):
    """The minimum evidence for each level of relevance."""

    may_help: float
    answers: float


class CosineScale(TypedDict):
    """The linear relation of a model's cosines to the default model's."""

    offset: float
    unit: float


class QuestionsAsked(TypedDict):
    """The questions with which thresholds were set, and the thresholds' errors on them."""

    far: int
    """Questions from elsewhere."""
    far_answers: int
    """How many of these a lesson is said to answer."""
    far_may_help: int
    own: int
    """`answers`, each left out while it is asked, whose lesson is ranked among the first three."""
    own_hidden: int
    """How many of these find only the nearest lessons."""


class Calibration(TypedDict):
    """What is fitted to a library."""

    thresholds: dict[Mode, Thresholds]
    lexical_weight: float
    """The weight of words against meaning."""
    scale: CosineScale
    asked: QuestionsAsked


class RunningServer(TypedDict):
    """A server of this user for a knowledge base; what is not known is empty."""

    socket: str
    """The path of its Unix socket."""
    answers: bool
    version: str
    snapshot: str
    """The id of the snapshot from which it answers."""
    behind: bool
    """Whether something is live that it has not opened."""
    trouble: str
    """Why it cannot open that."""


class Status(TypedDict):
    """The state of a knowledge base and its index; `kb status --json`."""

    root: str
    lessons: int
    passages: int
    encoded: int
    """Number of passages with a vector in the index, or in the cache for the next run."""
    calibration: Calibration
    model: str | None
    """Of the index; null if it was built without one."""
    configured_model: str
    snapshot: str
    """The id of the snapshot that answers."""
    built: str
    """In UTC (ISO 8601)."""
    commit: str | None
    changed_since: int
    """Number of lessons that have changed since it was built."""
    unreadable: int
    """Number of files that could not be read completely."""
    problems: list[FileProblem]
    bytes: int
    """Size of that snapshot."""
    bytes_in_all: int
    """Size of everything in `.kb`."""
    damage: str
    """Why the live snapshot cannot answer; empty if it can."""
    freshness: Freshness
    runs: list[JobRun]
    """The last runs, the newest first."""
    servers: list[RunningServer]
    """The servers of this user; none in the answer of a server."""
