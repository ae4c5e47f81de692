"""Paths as somebody in the working directory would type them."""

from __future__ import annotations

from pathlib import Path

_NOWHERE = Path("/dev/null")
"""Has nothing below it: the working directory of a process whose own was removed."""


def working_directory() -> Path:
    """Return the working directory; a path that has nothing below it when it is gone."""
    try:
        return Path.cwd()
    except FileNotFoundError:
        return _NOWHERE


def seen_from(here: Path, path: Path) -> Path:
    """Return an absolute path as one relative to a folder, where it lies below that."""
    return path.relative_to(here) if path.is_relative_to(here) else path
