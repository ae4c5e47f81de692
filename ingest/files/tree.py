"""Walks and deletes folder trees of any depth."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW


def folders_below(top: Path) -> Iterator[tuple[Path, list[str]]]:
    """Yield `top` and each folder below it, at any depth, with the names of its other entries.

    Links are not followed, and a folder that cannot be listed is left out. Not recursive, unlike the walks of the
    standard library: a cloned repository may have more levels than Python's recursion limit.
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
    """Yield all files and folders below a folder; see `folders_below`."""
    for folder, names in folders_below(top):
        if folder != top:
            yield folder
        yield from (folder / name for name in names)


def remove_tree(top: Path) -> None:
    """Delete a folder and all below it, at any depth, as far as possible; links are not followed.

    The content of each subfolder is moved into `top` before the subfolder is deleted, so that no path becomes longer
    than the system allows, and only two folders are open at a time.
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
    """Delete one entry of an open folder, a subfolder after moving its content up; return whether it is gone."""
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
