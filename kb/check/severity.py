"""How much a finding matters."""

from __future__ import annotations

from enum import StrEnum


class Severity(StrEnum):
    """The worst first."""

    ERROR = "error"
    """`kb check` exits with 1."""
    WARNING = "warning"
    """Somebody should look; exits with 1 only if asked to be strict."""
    NOTE = "note"
