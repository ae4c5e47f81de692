"""The severity of a finding."""

from __future__ import annotations

from enum import StrEnum


class Severity(StrEnum):
    """The severities, the worst first."""

    ERROR = "error"
    """Makes `kb check` exit with 1."""
    WARNING = "warning"
    """A person should look at it; makes `kb check` exit with 1 only if warnings count as errors."""
    NOTE = "note"
