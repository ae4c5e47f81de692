"""Temporary files and folders beside their destination, renamed when complete; and those left by killed processes.

They have names of a form of their own, and are locked while their process lives: only what has such a name and no lock
is taken for left over. It is removed under the same lock, and whoever has made and locked something looks whether it
is still there: between the two steps another process may have taken it for left over.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
import secrets
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ingest.files.tree import remove_tree

_ATTEMPTS = 100
"""How often a name is tried: each attempt can only fail if another process comes between two steps."""
_TAKEN = (errno.EAGAIN, errno.EACCES)
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
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    aside, descriptor = _made_and_locked(path, lambda name: os.open(name, flags, mode))
    with os.fdopen(descriptor, "wb") as file:
        try:
            file.write(data)
            file.flush()
            yield aside
        finally:
            with suppress(OSError):
                aside.unlink()


@contextmanager
def folder_beside(path: Path) -> Iterator[Path]:
    """Yield an empty temporary folder beside a path, to be renamed to it; if it is not, it is removed."""
    aside, descriptor = _made_and_locked(path, _new_folder)
    try:
        yield aside
    finally:
        remove_tree(aside)
        os.close(descriptor)


def leftovers(folder: Path) -> list[Path]:
    """Return a folder's temporary files and folders that no process is writing; none if it cannot be listed.

    One of them may have been made just now, and be written in the next moment: `remove_left` removes it safely.
    """
    return [path for path in _temporary(folder) if _if_left(path, lambda left: None)]


def remove_leftovers(folder: Path) -> None:
    """Remove the temporary files and folders in a folder that no process is writing any more."""
    for path in _temporary(folder):
        remove_left(path)


def remove_left(path: Path) -> bool:
    """Remove a temporary file or folder unless a process is writing it; return whether it was left over."""
    return _if_left(path, remove)


def remove(path: Path) -> None:
    """Remove a file or a folder as far as possible; links are not followed."""
    with suppress(OSError):
        if stat.S_ISDIR(path.lstat().st_mode):
            remove_tree(path)
        else:
            path.unlink()


def _name_beside(path: Path) -> Path:
    return path.with_name(f".{path.name[:40]}.kb-{secrets.token_hex(4)}")


def _made_and_locked(path: Path, make: Callable[[Path], int | None]) -> tuple[Path, int]:
    """Make something under a temporary name that this process holds; return its path and descriptor.

    `make` returns None if it was gone at once. Raises `OSError`.
    """
    for _ in range(_ATTEMPTS):
        aside = _name_beside(path)
        descriptor = make(aside)
        if descriptor is not None:
            if _lock(descriptor) and _is_at(aside, descriptor):
                return aside, descriptor
            os.close(descriptor)
        remove(aside)
    raise OSError(errno.EBUSY, os.strerror(errno.EBUSY), str(path))


def _new_folder(path: Path) -> int | None:
    path.mkdir(mode=0o700)
    with suppress(FileNotFoundError):
        return os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    return None


def _lock(descriptor: int) -> bool:
    """Lock what is open; return False if another process has done so."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:  # otherwise a file system without locks: leftovers stay there
        return error.errno not in _TAKEN
    return True


def _is_at(path: Path, descriptor: int) -> bool:
    """Return whether a path still names what is open."""
    with suppress(FileNotFoundError):
        return os.path.samestat(os.lstat(path), os.fstat(descriptor))
    return False


def _temporary(folder: Path) -> list[Path]:
    try:
        with os.scandir(folder) as listed:
            return sorted(Path(entry.path) for entry in listed if _FORM.fullmatch(entry.name))
    except OSError:
        return []


def _if_left(path: Path, act: Callable[[Path], None]) -> bool:
    """Act on a file or folder if no process holds it, while this one does; never on a file system without locks.

    Return whether that was so.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        act(path)
        return True
    except OSError:
        return False
    finally:
        os.close(descriptor)
