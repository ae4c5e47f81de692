"""Messages about disk space: whether the disk is full, how much is free, and how much is needed."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from pathlib import Path

from kb.wording import size_in_words


def is_full(error: OSError | sqlite3.Error) -> bool:
    """Return whether an error means that the disk or the user's quota is full."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    return error.sqlite_errorcode == sqlite3.SQLITE_FULL


def shortage(folder: Path, needed: int, *, freed: int = 0) -> str:
    """Return a message with the free space at a folder, plus `freed` bytes to be released, and the space needed."""
    free = shutil.disk_usage(folder).free + freed
    if needed <= free and freed == 0:
        return f"no space left, though the disk has {size_in_words(free)} free: a quota may be used up"
    wanted = f"about {size_in_words(needed)}" if needed > free else "more"
    return f"the disk is full: {size_in_words(free)} free, {wanted} needed"


def naming_shortage(error: OSError, folder: Path, needed: int) -> OSError:
    """Return the error, or, if the disk is full, one that says how much space is needed."""
    return OSError(error.errno, shortage(folder, needed), error.filename) if is_full(error) else error
