"""Disk space: how much a folder takes, how much deleting it frees, and messages about a disk that is full."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from contextlib import suppress
from pathlib import Path

from ingest.files.tree import folders_below
from kb.wording import size_in_words
from search.storage import remove


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


def delete(path: Path) -> int:
    """Delete a file or folder as far as possible, without following links; return the number of bytes freed."""
    size = size_of(path)
    remove(path)
    return size - size_of(path)


def size_of(path: Path) -> int:
    """Return the size of a file, or of all files below a folder, in bytes; missing files count as 0."""
    files = [path] if path.is_file() else [folder / name for folder, names in folders_below(path) for name in names]
    total = 0
    for file in files:  # files may be removed meanwhile
        with suppress(OSError):
            total += file.lstat().st_size
    return total
