"""Stores the hits of the last search in this terminal, so that a hit can be named by its number."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from kb.served.caller import terminal_session
from kb.system.state_file import read_state, replace_state
from kb.system.user_cache import state_folder

MOST_FILES = 500
"""If there are more files, the older half is removed: a job without a terminal creates a new one each time."""


class LastHit(NamedTuple):
    """A lesson that was shown, and the line of its best passage."""

    id: str
    line: int
    """Line in its file, 1-based."""


def remember_hits(root: Path, hits: Iterable[LastHit]) -> None:
    """Store the hits that a search has shown in this terminal, in order; the query is not stored."""
    file = _file(root)
    replace_state(file, json.dumps([list(hit) for hit in hits]))
    _remove_oldest(file.parent)


def last_hits(root: Path) -> tuple[LastHit, ...] | None:
    """Return the hits of the last search in this terminal; None if there was none, or they cannot be read."""
    try:
        hits = tuple(LastHit(id_, line) for id_, line in json.loads(read_state(_file(root))))
    except (ValueError, TypeError, RecursionError):
        return None
    well_formed = all(isinstance(hit.id, str) and type(hit.line) is int for hit in hits)
    return hits if well_formed else None


def terminal_of(root: Path) -> str:
    """Return an id of this terminal session together with a knowledge base."""
    key = f"{terminal_session()}\0{root.resolve()}".encode("utf-8", "surrogateescape")
    return hashlib.sha256(key).hexdigest()[:32]


def _file(root: Path) -> Path:
    return state_folder() / "terminals" / f"{terminal_of(root)}.json"


def _remove_oldest(folder: Path) -> None:
    with suppress(OSError):
        files = [entry for entry in os.scandir(folder) if entry.is_file(follow_symlinks=False)]
        if len(files) > MOST_FILES:
            files.sort(key=lambda entry: entry.stat(follow_symlinks=False).st_mtime_ns)
            for entry in files[: len(files) // 2]:
                Path(entry.path).unlink()
