"""What a group that shares an index must be able to write."""

from __future__ import annotations

import stat
from contextlib import suppress
from pathlib import Path

from ingest.files.tree import paths_below
from kb.system.durable import share


def withheld(folder: Path) -> list[Path]:
    """Return what lies in a folder that its group may write, and is not writable for that group itself."""
    if not folder.stat().st_mode & stat.S_IWGRP:
        return []
    found = []
    for path in paths_below(folder):
        with suppress(FileNotFoundError):  # replaced just now
            if not path.lstat().st_mode & stat.S_IWGRP and not path.is_symlink():
                found.append(path)
    return found


def grant(folder: Path) -> int:
    """Let the group write what it may not, as far as it is this user's; returns how much was."""
    before = withheld(folder)
    for path in before:
        with suppress(PermissionError, FileNotFoundError):
            share(path, folder)
    return len(before) - len(withheld(folder))
