"""A folder and all that is below it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path


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
