"""Write permission for a group that shares an index."""

from __future__ import annotations

import stat
from contextlib import suppress
from pathlib import Path

from ingest.files.tree import paths_below
from kb.system.durable import share


def not_group_writable(folder: Path) -> list[Path]:
    """Return the entries that the group cannot write, in a folder that it may write; none in another folder."""
    if not folder.stat().st_mode & stat.S_IWGRP:
        return []
    found = []
    for path in paths_below(folder):
        with suppress(FileNotFoundError):  # replaced in the meantime
            if not path.lstat().st_mode & stat.S_IWGRP and not path.is_symlink():
                found.append(path)
    return found


def grant(folder: Path) -> int:
    """Let the group write those entries, as far as this user owns them; return how many were changed."""
    before = not_group_writable(folder)
    for path in before:
        with suppress(PermissionError, FileNotFoundError):
            share(path, folder)
    return len(before) - len(not_group_writable(folder))
