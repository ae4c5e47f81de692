"""Room on a disk: whether it ran out, what is free, and what was needed."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from pathlib import Path

from kb.wording import size_in_words


def is_full(error: OSError | sqlite3.Error) -> bool:
    """Return whether a disk, or a user's share of it, had no room left for what was to be written."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    return error.sqlite_errorcode == sqlite3.SQLITE_FULL


def shortage(folder: Path, needed: int, *, freed: int = 0) -> str:
    """Return what is free where a folder is, with `freed` bytes that are given back, and about how much is needed."""
    free = shutil.disk_usage(folder).free + freed
    if needed <= free and freed == 0:
        return f"no space left, though the disk has {size_in_words(free)} free: a quota may be used up"
    wanted = f"about {size_in_words(needed)}" if needed > free else "more"
    return f"the disk is full: {size_in_words(free)} free, {wanted} needed"


def naming_shortage(error: OSError, folder: Path, needed: int) -> OSError:
    """Return an error as it is, but if the disk is full one that says how much is missing."""
    return OSError(error.errno, shortage(folder, needed), error.filename) if is_full(error) else error
