"""Durable, atomic writes: they survive a power cut, and readers never see a partial file.

They wait for the disk. Data that can be rebuilt is written by `search.storage.atomic.replace_file`, which does not.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from ingest.files.tree import paths_below
from kb.system.disk import naming_shortage
from search.storage import file_beside

_WITHOUT_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK)


def flush(path: Path) -> None:
    """Flush a file or folder to disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError:
        if not path.is_dir():  # some systems cannot flush a folder
            raise
    finally:
        os.close(descriptor)


def flush_tree(folder: Path) -> None:
    """Flush everything below a folder to disk, then the folder itself."""
    for path in paths_below(folder):
        flush(path)
    flush(folder)


def write_new(path: Path, text: str) -> bool:
    """Create a file atomically; return False if there is something of that name already. Raises `OSError`."""
    data = text.encode()
    try:
        with file_beside(path, data) as aside:
            flush(aside)
            try:
                os.link(aside, path)
            except FileExistsError:
                return False
            except OSError as error:
                if error.errno not in _WITHOUT_LINKS:
                    raise
                return _written_in_place(path, data)
    except OSError as error:
        raise naming_shortage(error, path.parent, len(data)) from error
    flush(path.parent)
    return True


def _written_in_place(path: Path, data: bytes) -> bool:
    """Do the same on a file system without hard links, where the file is visible before it is complete."""
    try:
        with path.open("xb") as file:
            file.write(data)
    except FileExistsError:
        return False
    return True


def replace_text(path: Path, text: str, *, shared: bool = True) -> None:
    """Replace a file atomically: readers see the complete old or new text.

    With `shared`, it gets the permissions of its folder; else those of the user's umask.
    """
    _replace(path, text.encode(), lambda aside: share(aside, path.parent) if shared else None)


def replace_bytes(path: Path, data: bytes) -> None:
    """Replace a file atomically; its permissions stay, and if `path` is a link, its target is replaced."""
    path = path.resolve()
    _replace(path, data, lambda aside: aside.chmod(stat.S_IMODE(path.stat().st_mode)))


def _replace(path: Path, data: bytes, permit: Callable[[Path], None]) -> None:
    try:
        with file_beside(path, data) as aside:
            permit(aside)
            flush(aside)
            os.replace(aside, path)
    except OSError as error:
        raise naming_shortage(error, path.parent, len(data)) from error
    flush(path.parent)


def share(path: Path, folder: Path) -> None:
    """Extend the permissions of a file, or of all in a folder, to those of `folder`.

    Users of a group with a writable folder take turns as writers, so each must be able to remove files of the others.
    """
    for item in (path, *paths_below(path)) if path.is_dir() else (path,):
        share_one(item, folder)


def share_one(path: Path, folder: Path) -> None:
    """Extend the permissions of one file or folder to those of `folder`; none are removed."""
    folder_stat = folder.stat()
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        if error.errno not in (errno.ELOOP, errno.EACCES, errno.EPERM):
            raise
        return  # a link, or a file of another user that is not shared
    try:
        own = os.fstat(descriptor)
        is_folder = stat.S_ISDIR(own.st_mode)
        allowed = stat.S_IMODE(folder_stat.st_mode) if is_folder else folder_stat.st_mode & 0o666
        if own.st_gid != folder_stat.st_gid:
            try:
                os.fchown(descriptor, -1, folder_stat.st_gid)
            except PermissionError:  # the group cannot be changed, and the present group must get no rights
                allowed &= ~stat.S_IRWXG
        if allowed & ~own.st_mode:
            with suppress(PermissionError):  # a file of another user, who has shared it already
                os.fchmod(descriptor, stat.S_IMODE(own.st_mode) | allowed)
    finally:
        os.close(descriptor)
