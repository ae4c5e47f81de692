"""Writing so that it outlasts a power cut, and so that a reader never sees half of it.

It waits for the disk. What can be made again is written by `search.storage.aside.replace_file`, which does not.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from ingest.files.tree import paths_below
from kb.system.disk import naming_shortage
from search.storage.aside import file_beside


def flush(path: Path) -> None:
    """Bring a file or a folder to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError:
        if not path.is_dir():  # some systems cannot flush a folder
            raise
    finally:
        os.close(descriptor)


def flush_tree(folder: Path) -> None:
    """Bring everything below a folder to the disk, then the folder itself."""
    for path in paths_below(folder):
        flush(path)
    flush(folder)


def replace_text(path: Path, text: str, *, shared: bool = True) -> None:
    """Replace a file in one step: whoever opens it sees the old text or the new one, whole.

    Unless it is `shared` with everybody who may write to its folder, the user's own mask says who may do what.
    """
    _replace(path, text.encode(), lambda aside: share(aside, path.parent) if shared else None)


def replace_bytes(path: Path, data: bytes) -> None:
    """Replace a file in one step; what may be done with it stays, and a link to it still leads there."""
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


def copy_files(source: Path, target: Path) -> None:
    """Copy the files of a folder without folders into a new one; raises the first `OSError`, with its own reason."""
    target.mkdir()
    for path in sorted(source.iterdir()):
        shutil.copyfile(path, target / path.name)


def share(path: Path, folder: Path) -> None:
    """Let everybody do with a file, or with all of a folder, what they may do with `folder`.

    A group whose folder is writable takes turns as writers, so each must be able to remove what another made.
    """
    for item in (path, *paths_below(path)) if path.is_dir() else (path,):
        share_one(item, folder)


def share_one(path: Path, folder: Path) -> None:
    """Let everybody do with a file, or with a folder itself, what they may do with `folder`; nothing is taken away."""
    theirs = folder.stat()
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        if error.errno not in (errno.ELOOP, errno.EACCES, errno.EPERM):
            raise
        return  # a link, or another user's who has not shared it
    try:
        own = os.fstat(descriptor)
        is_folder = stat.S_ISDIR(own.st_mode)
        allowed = stat.S_IMODE(theirs.st_mode) if is_folder else theirs.st_mode & 0o666
        if own.st_gid != theirs.st_gid:
            try:
                os.fchown(descriptor, -1, theirs.st_gid)
            except PermissionError:  # whoever is in another group has been allowed nothing
                allowed &= ~stat.S_IRWXG
        if allowed & ~own.st_mode:
            with suppress(PermissionError):  # another user's, who has shared it already
                os.fchmod(descriptor, stat.S_IMODE(own.st_mode) | allowed)
    finally:
        os.close(descriptor)
