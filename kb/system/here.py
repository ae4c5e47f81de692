"""Paths relative to the working directory, for display."""

from __future__ import annotations

from pathlib import Path

_NOWHERE = Path("/dev/null")
"""Used as working directory if the real one was removed; no path is below it."""


def working_directory() -> Path:
    """Return the working directory; `_NOWHERE` if it was removed."""
    try:
        return Path.cwd()
    except FileNotFoundError:
        return _NOWHERE


def seen_from(here: Path, path: Path) -> Path:
    """Return an absolute path relative to `here` if it is below that; else unchanged."""
    return path.relative_to(here) if path.is_relative_to(here) else path
