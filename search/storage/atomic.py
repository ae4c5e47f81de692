"""Temporary files and folders beside their destination, renamed when complete; and those left by killed processes.

They have names of a form of their own, and are locked while their process lives: only what has such a name and no lock
is taken for left over.
"""

from __future__ import annotations

import fcntl
import os
import re
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ingest.files.tree import remove_tree

_FORM = re.compile(r"\..{1,40}\.kb-[0-9a-f]{8}", re.DOTALL)


def replace_file(path: Path, data: bytes, mode: int = 0o666) -> None:
    """Replace a file atomically; a link at its path is replaced, the link's target stays.

    Nothing is synced to the disk: this is for data that can be made again. Data that must survive a power cut is
    written by `kb.system.durable`.
    """
    with file_beside(path, data, mode) as aside:
        os.replace(aside, path)


@contextmanager
def file_beside(path: Path, data: bytes, mode: int = 0o666) -> Iterator[Path]:
    """Yield a temporary file with this data beside a path, to be renamed to it; if it is not, it is removed."""
    aside = _name_beside(path)
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
    with os.fdopen(descriptor, "wb") as file:
        try:
            _lock(descriptor)
            file.write(data)
            file.flush()
            yield aside
        finally:
            with suppress(OSError):
                aside.unlink()


@contextmanager
def folder_beside(path: Path) -> Iterator[Path]:
    """Yield an empty temporary folder beside a path, to be renamed to it; if it is not, it is removed."""
    aside = _name_beside(path)
    aside.mkdir(mode=0o700)
    descriptor = os.open(aside, os.O_RDONLY)
    try:
        _lock(descriptor)
        yield aside
    finally:
        remove_tree(aside)
        os.close(descriptor)


def leftovers(folder: Path) -> list[Path]:
    """Return a folder's temporary files and folders that no process is writing; none if it cannot be listed."""
    try:
        with os.scandir(folder) as listed:
            named = [Path(entry.path) for entry in listed if _FORM.fullmatch(entry.name)]
    except OSError:
        return []
    return sorted(filter(_is_left, named))


def remove_leftovers(folder: Path) -> None:
    """Remove the temporary files and folders in a folder that no process is writing any more."""
    for path in leftovers(folder):
        remove(path)


def remove(path: Path) -> None:
    """Remove a file or a folder as far as possible; links are not followed."""
    with suppress(OSError):
        if stat.S_ISDIR(path.lstat().st_mode):
            remove_tree(path)
        else:
            path.unlink()


def _name_beside(path: Path) -> Path:
    return path.with_name(f".{path.name[:40]}.kb-{secrets.token_hex(4)}")


def _lock(descriptor: int) -> None:
    with suppress(OSError):  # a file system without locks: leftovers stay there
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _is_left(path: Path) -> bool:
    """Return whether no process locks a file or folder; False on a file system without locks."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    except OSError:
        return False
    finally:
        os.close(descriptor)
