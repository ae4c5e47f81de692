"""The answer of `kb doctor`."""

from typing import Literal, TypedDict


class Diagnosis(TypedDict):
    """The result of one check."""

    area: Literal["installation", "configuration", "lessons", "index", "vector cache", "schedule"]
    level: Literal["ok", "warning", "error"]
    what: str
    cure: str
    """A command, or if none can help, what a person has to do; empty if nothing is wrong."""


class Checkup(TypedDict):
    """What was repaired, and what the checks found after that; `kb doctor --json`."""

    sound: bool
    done: list[str]
    """One line for each repair."""
    findings: list[Diagnosis]
