"""A folder and all that is below it."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW


def folders_below(top: Path) -> Iterator[tuple[Path, list[str]]]:
    """Yield a folder and each one below it, however deep, with the names of what else is in it.

    No link is followed, and a folder that cannot be listed is left out. The standard library's walks call
    themselves for each level, and a clone may have more levels than Python has calls.
    """
    left = [top]
    while left:
        folder = left.pop()
        try:
            with os.scandir(folder) as listed:
                folders = {entry.name: entry.is_dir(follow_symlinks=False) for entry in listed}
        except OSError:
            continue
        left += [folder / name for name, is_folder in folders.items() if is_folder]
        yield folder, [name for name, is_folder in folders.items() if not is_folder]


def paths_below(top: Path) -> Iterator[Path]:
    """Yield all that is below a folder, folders too; see `folders_below`."""
    for folder, names in folders_below(top):
        if folder != top:
            yield folder
        yield from (folder / name for name in names)


def remove_tree(top: Path) -> None:
    """Delete a folder and all that is below it, however deep, as far as it can be; nothing behind a link.

    What is in a folder of the top is moved up into the top before that folder is deleted, so that no path grows longer
    than the system takes, and no folder is open but two.
    """
    try:
        opened = os.open(top, _FOLDER)
    except OSError:
        return
    try:
        while sum(_emptied(opened, name) for name in _names(opened)):
            pass
    finally:
        os.close(opened)
    with suppress(OSError):
        top.rmdir()


def _emptied(top: int, name: str) -> bool:
    """Delete a file of an open folder, or a folder of it whose own content is moved up; says whether it is gone."""
    with suppress(OSError):
        os.unlink(name, dir_fd=top)
        return True
    with suppress(OSError):
        folder = os.open(name, _FOLDER, dir_fd=top)
        try:
            for below in _names(folder):
                with suppress(OSError):
                    os.rename(below, secrets.token_hex(16), src_dir_fd=folder, dst_dir_fd=top)
        finally:
            os.close(folder)
        os.rmdir(name, dir_fd=top)
        return True
    return False


def _names(folder: int) -> list[str]:
    with os.scandir(folder) as listed:
        return [entry.name for entry in listed]
