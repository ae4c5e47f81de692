"""Files damaged by other programs: pointers in place of the lesson, empty files, copies made by sync programs."""

from __future__ import annotations

import re

from ingest.files.locked import lock
from ingest.problem import Defect, Problem, Unreadable

_LFS = b"version https://git-lfs.github.com/spec/"
_ANNEX = re.compile(rb"/annex/objects/\S+\s*")
_MOST_BYTES_OF_A_POINTER = 1024
_COPY = re.compile(
    r"\s*\([^()]{0,80}(?:conflict(?:ed)? copy|case conflict|conflict on|konfliktkopie|in konflikt stehende kopie"
    r"|copie en conflit|copia (?:en conflicto|in conflitto)|cópia em conflito|conflicterende kopie|sfconflict \S+@)"
    r"[^()]{0,80}\)|[._-](?:sync-)?conflict-\d{8}-\d{6}(?:-[A-Z0-9]{7})?|\.sync\.conflict"
    # The mark of Resilio; the default computer names of Windows, which OneDrive adds to the name of a copy.
    r"|(?-i:\.Conflict(?=\.[^.]+$)|-(?:DESKTOP|LAPTOP)-[A-Z0-9]{7}(?:-\d{1,3})?(?=\.[^.]+$))",
    re.IGNORECASE,
)


def refuse_stand_in(data: bytes) -> None:
    """Raise `Unreadable` if the bytes are a pointer of Git LFS or git-annex, or an encrypted file."""
    if reason := lock(data):
        raise Unreadable(reason)
    if len(data) > _MOST_BYTES_OF_A_POINTER:
        return
    if data.startswith(_LFS) and b"\noid " in data:
        raise Unreadable("a Git LFS pointer instead of the lesson; run `git lfs pull`")
    if _ANNEX.fullmatch(data):
        raise Unreadable("a git-annex pointer instead of the lesson; run `git annex get`")


def empty(text: str, path: str) -> Problem | None:
    """Return a problem if a file has only whitespace and `-` or `+` in it, often after an interrupted write."""
    if text.strip("-+ \t\n"):
        return None
    return Problem(path, "the file is empty; write the lesson, restore it from git, or delete it", None, Defect.EMPTY)


def sync_copy(path: str) -> Problem | None:
    """Return a problem if a path has the name of a conflict copy, which sync programs leave beside the original."""
    folder, _, name = path.rpartition("/")
    original = _COPY.sub("", name)
    if original == name:
        return None
    beside = f"{folder}/{original}" if folder else original
    reason = f"a copy that a sync program left beside {beside}; merge the two, and delete the copy"
    return Problem(path, reason, None, Defect.SYNC_COPY)
