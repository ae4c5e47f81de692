"""The answer of `kb demand`."""

from typing import TypedDict


class DemandState(TypedDict):
    """Whether and where questions are noted for this user; `kb demand --json`."""

    records: bool
    """Whether questions are noted."""
    because: str
    """What decides that: `you chose it`, `kb.toml`, or `the default`."""
    days: int
    """For how many days a question is kept."""
    text: bool
    """Whether pages are kept whole."""
    file: str | None
    questions: int
    distinct: int
    used: int
    """After how many a lesson was opened."""
    first: str | None
    """The day of the first question."""
    last: str | None
    problem: str | None
    """Why the log is not used."""
    damaged: str | None
    """A damaged log that was put aside."""
