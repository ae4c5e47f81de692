"""The answer of `kb check`."""

from typing import Literal, TypedDict

from kb.forms.keep.run import FileProblem


class Finding(TypedDict):
    """A defect at one place of one lesson."""

    path: str
    """Relative to the working directory if the file is below it."""
    line: int
    """From 1, like the column, which counts characters."""
    column: int
    code: str
    """Of the rule; `kb check --explain CODE` explains it."""
    severity: Literal["error", "warning", "note"]
    message: str
    mended: bool
    """Whether `kb check --fix` mends it."""


class CheckSummary(TypedDict):
    """The number of findings."""

    errors: int
    warnings: int
    notes: int
    mended: int


class Checked(TypedDict):
    """What is wrong in lessons; `kb check --format json`."""

    lessons: int
    """Number of lessons checked."""
    findings: list[Finding]
    """By place."""
    failed: list[FileProblem]
    """Files and folders that could not be read at all."""
    summary: CheckSummary
