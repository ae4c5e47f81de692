"""What other programs leave in or in place of a lesson: conflicts, copies, pointers, nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.locked import lock
from ingest.problem import Defect, Problem, Unreadable

_LFS = b"version https://git-lfs.github.com/spec/"
_ANNEX = re.compile(rb"/annex/objects/\S+\s*")
_MOST_BYTES_OF_A_POINTER = 1024
_FENCE = re.compile(r" {0,3}(?P<mark>`{3,}|~{3,})")
_COPY = re.compile(
    r"\s*\([^()]{0,80}(?:conflict(?:ed)? copy|case conflict|conflict on|konfliktkopie|in konflikt stehende kopie"
    r"|copie en conflit|copia (?:en conflicto|in conflitto)|cópia em conflito|conflicterende kopie)[^()]{0,80}\)"
    r"|[._-](?:sync-)?conflict-\d{8}-\d{6}(?:-[A-Z0-9]{7})?|\.sync\.conflict",
    re.IGNORECASE,
)


def refuse_stand_in(data: bytes) -> None:
    """Raise `Unreadable` for what git has in place of a lesson that is kept elsewhere, or locked."""
    if said := lock(data):
        raise Unreadable(said)
    if len(data) > _MOST_BYTES_OF_A_POINTER:
        return
    if data.startswith(_LFS) and b"\noid " in data:
        raise Unreadable("a pointer of Git LFS in place of the lesson; run `git lfs pull`")
    if _ANNEX.fullmatch(data):
        raise Unreadable("a pointer of git-annex in place of the lesson; run `git annex get`")


def empty(text: str, path: str) -> Problem | None:
    """Name a file that has nothing but blanks and rules in it: often a write that was cut short."""
    if text.strip("-+ \t\n"):
        return None
    return Problem(path, "nothing is in it; write it, restore it from git, or delete it", None, Defect.EMPTY)


def sync_copy(path: str) -> Problem | None:
    """Name a file that a sync program left beside the one that it could not write."""
    folder, _, name = path.rpartition("/")
    original = _COPY.sub("", name)
    if original == name:
        return None
    beside = f"{folder}/{original}" if folder else original
    reason = f"a copy that a sync program left beside {beside}; keep what is right of both, and delete it"
    return Problem(path, reason, None, Defect.SYNC_COPY)


def conflict_rows(rows: Sequence[str]) -> list[tuple[int, ...]]:
    """Return the lines of each conflict that git left: its markers, from `<<<<<<<` down to `>>>>>>>`."""
    found: list[tuple[int, ...]] = []
    markers: list[int] = []
    for row in _outside_of_code(rows):
        marker = rows[row][:7] if rows[row][7:8].strip() == "" else ""
        if marker == "<<<<<<<":
            markers = [row]
        elif markers and marker in ("|||||||", "======="):
            markers.append(row)
        elif len(markers) > 1 and marker == ">>>>>>>":
            found.append((*markers, row))
            markers = []
    return found


def merge_conflict(markers: Sequence[int], path: str) -> Problem:
    """Name one conflict by the lines of its markers."""
    reason = f"a merge conflict, down to line {markers[-1] + 1}; keep what is right, and delete the markers"
    return Problem(path, reason, markers[0] + 1, Defect.MERGE_CONFLICT)


def _outside_of_code(rows: Sequence[str]) -> Iterator[int]:
    """Yield the lines that are in no fence, in which a marker is only shown."""
    fence = ""
    for number, row in enumerate(rows):
        found = _FENCE.match(row)
        mark = found["mark"] if found else ""
        if fence:
            fence = "" if mark.startswith(fence) else fence
        elif mark:
            fence = mark
        else:
            yield number
