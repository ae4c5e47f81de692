"""The answer of `kb reuse`."""

from typing import TypedDict


class RecordedUse(TypedDict):
    """The use of a lesson, as it was recorded; `kb reuse --json`."""

    lesson: str
    """The id of the lesson that was used."""
    later: str | None
    """The id of the later lesson, which names it under `reused`; null if the intervention has none."""
    where: str
    """Where it was used, in words; empty if a later lesson names it."""
    outcome: str
    """One of the outcomes of the front matter: `helped`, `partly`, `did-not-help`."""
    note: str
    saved: str
    date: str
    """The day on which it was recorded; empty if a later lesson names it."""
    by: str
    """Who recorded it; empty if a later lesson names it."""
    recorded: bool
    """False if it had been recorded before, by a request with the same key."""
    paths: list[str]
    """The files that were changed, relative to the root: to be committed."""
    not_indexed: str
    """Why a search does not find the changed lessons as they are now; empty if it does."""
