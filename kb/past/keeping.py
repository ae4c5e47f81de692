"""The folders of past states in the user's cache: the last few that were used stay."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from ingest.files.tree import remove_tree
from kb.errors import KbError
from kb.index.store import SnapshotStore
from kb.index.writer import WriterLock
from kb.system.disk import size_of
from search.storage import folder_beside, remove_leftovers

KEPT = 3
MOST_BYTES = 2_000_000_000
"""Of all kept past states together; the one that was used last stays, whatever its size."""


def keep_few(folder: Path) -> None:
    """Remove the past states that were not used lately, and what interrupted processes left of others.

    What another process is using stays. Raises `OSError` if the folder cannot be listed.
    """
    remove_leftovers(folder)
    for root in _too_many(_by_use(folder)):
        if not _is_in_use(root):
            _remove(root)


def _by_use(folder: Path) -> list[Path]:
    """Return the past states, the last used first."""
    with os.scandir(folder) as listed:
        entries = [entry for entry in listed if entry.is_dir(follow_symlinks=False) and entry.name[:1] != "."]
    used = [(entry.stat(follow_symlinks=False).st_mtime_ns, Path(entry.path)) for entry in entries]
    return [path for _, path in sorted(used, reverse=True)]


def _too_many(roots: Iterable[Path]) -> Iterator[Path]:
    total = 0
    for number, root in enumerate(roots):
        total += size_of(root)
        if number and (number >= KEPT or total > MOST_BYTES):
            yield root


def _is_in_use(root: Path) -> bool:
    store = SnapshotStore(root)
    try:
        writer = WriterLock(store.lock).holder()
        return bool(writer and writer.is_running) or any(map(store.is_in_use, store.ids()))
    except (KbError, OSError):
        return False


def _remove(root: Path) -> None:
    """Remove a folder after renaming it, so that no process finds it in part; as far as possible."""
    with suppress(OSError), folder_beside(root) as aside:
        os.replace(root, aside / root.name)
        remove_tree(aside / root.name)
