"""Where a file stands in a knowledge base."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from kb.config import FILE_NAME
from kb.trust.distrust import leads_through_link


class Place(NamedTuple):
    """A file in a knowledge base; it need not exist yet."""

    root: Path
    """The root, without links."""
    shown_root: Path
    """The root as the editor names it."""
    location: Path
    """The file, without links."""

    @property
    def path(self) -> str:
        """The path below the root."""
        return self.location.relative_to(self.root).as_posix()


def place_of(file: Path) -> Place | None:
    """Return where a file stands; None if it is in no knowledge base, or behind a link below the root."""
    shown_root = next((folder for folder in file.parents if _is_root(folder)), None)
    if shown_root is None or leads_through_link(file, shown_root):
        return None
    try:
        root, location = shown_root.resolve(), file.resolve()
    except (OSError, RuntimeError):  # a cycle of links
        return None
    return Place(root, shown_root, location) if location.is_relative_to(root) else None


def _is_root(folder: Path) -> bool:
    try:
        return (folder / FILE_NAME).is_file()
    except (OSError, ValueError):  # no valid name, or not to be read by this user
        return False
