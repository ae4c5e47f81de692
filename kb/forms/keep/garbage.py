"""The answers of `kb gc` and `kb rollback`."""

from typing import TypedDict


class Garbage(TypedDict):
    """What was removed, or would be; `kb gc --json`."""

    removed: bool
    """False for a dry run."""
    snapshots: list[str]
    """Ids of the removed snapshots."""
    in_use: list[str]
    """Ids of snapshots that were kept only because they are being read."""
    leftovers: int
    vectors: int
    """Number of removed vectors: those whose texts are in no snapshot."""
    vectors_kept: int
    note: str
    """Why vectors were not examined; empty if they were."""
    bytes: int
    """Disk space freed."""
    collections: int
    """Size of the user's test collections in bytes."""


class KeptSnapshot(TypedDict):
    """A stored snapshot."""

    id: str
    live: bool
    problem: str
    """Why it cannot be opened; empty if it can."""
    built: str
    """In UTC (ISO 8601)."""
    lessons: int
    commit: str | None


class KeptSnapshots(TypedDict):
    """The stored snapshots, the newest first; `kb rollback --json`."""

    snapshots: list[KeptSnapshot]
