"""What is written beside its place, to be put there whole; and what killed processes have left of that.

It has a name of our own form, and is locked for as long as its process lives: nothing else is taken for left over.
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
    """Replace a file in one step; a link in its place goes, its target stays.

    Nothing waits for the disk: this is for what can be made again. What a power cut must not take is written by
    `kb.system.durable`.
    """
    with file_beside(path, data, mode) as aside:
        os.replace(aside, path)


@contextmanager
def file_beside(path: Path, data: bytes, mode: int = 0o666) -> Iterator[Path]:
    """Give a file of these bytes beside a path, to be put in its place; what is not put there is removed."""
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
    """Give an empty folder beside a path, to be filled and put in its place; what is not put there is removed."""
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
    """Return what no process is writing any more beside its place in a folder; of what it cannot look at nothing."""
    try:
        with os.scandir(folder) as listed:
            named = [Path(entry.path) for entry in listed if _FORM.fullmatch(entry.name)]
    except OSError:
        return []
    return sorted(filter(_is_left, named))


def remove_leftovers(folder: Path) -> None:
    """Remove what no process is writing any more beside its place in a folder."""
    for path in leftovers(folder):
        remove(path)


def remove(path: Path) -> None:
    """Remove a file or a folder, as far as it can be; nothing behind a link."""
    with suppress(OSError):
        if stat.S_ISDIR(path.lstat().st_mode):
            remove_tree(path)
        else:
            path.unlink()


def _name_beside(path: Path) -> Path:
    return path.with_name(f".{path.name[:40]}.kb-{secrets.token_hex(4)}")


def _lock(descriptor: int) -> None:
    with suppress(OSError):  # a file system without locks: there what is left over stays
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _is_left(path: Path) -> bool:
    """Return whether a file or folder is locked by nobody, which only a file system with locks can tell."""
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
