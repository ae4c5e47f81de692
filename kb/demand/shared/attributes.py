"""Has git merge `gaps.md` line by line."""

from __future__ import annotations

import os
from pathlib import Path

from ingest.files.decoding import decode
from ingest.files.reason import reason_of
from ingest.files.regular_file import read_regular
from ingest.problem import Unreadable
from kb.config import GAPS_FILE
from kb.system.durable import write_new

_FILE, _UNION = ".gitattributes", "merge=union"
_LINE = f"{GAPS_FILE} {_UNION}"
_MOST_BYTES = 1_000_000


def have_git_merge_gaps(root: Path) -> list[Path]:
    """Make the file that tells git to merge the lists of several people line by line, and return it.

    If there is one already, it is left as it is. Raises `OSError`.
    """
    path = root / _FILE
    return [path] if not os.path.lexists(path) and write_new(path, f"{_LINE}\n") else []


def set_up_merging(root: Path) -> str:
    """Do the same; return what the user must do, empty if nothing."""
    path = root / _FILE
    try:
        if have_git_merge_gaps(root):
            return f"commit {_FILE} too, so that git merges the lists of several people"
    except OSError as error:
        return f"{path}: {reason_of(error)}; without it git cannot merge the lists of several people"
    try:
        lines = decode(read_regular(path, _MOST_BYTES, links=False)).text.splitlines()
    except OSError as error:
        return f"{path}: {reason_of(error)}; put a file there with the line `{_LINE}`, so that git merges the lists"
    except Unreadable:
        lines = []
    if any(map(_merges_gaps, lines)):
        return ""
    return f"add the line `{_LINE}` to {path}, so that git merges the lists of several people"


def _merges_gaps(line: str) -> bool:
    name, *attributes = line.split() or [""]
    return name.removeprefix("/") == GAPS_FILE and _UNION in attributes
