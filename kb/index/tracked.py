"""Whether git tracks a folder: read from git's own index, because a process would take longer than many an answer."""

from __future__ import annotations

import mmap
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from ingest.files.regular_file import open_regular, read_regular

# Documentation/gitformat-index.txt of git: a head of 12 bytes; an entry has 40 bytes of times and modes, the
# object's id, flags, and its path; the fourth version leaves out what a path has in common with the one before.
_SIGNATURE = b"DIRC"
_VERSIONS = (2, 3, 4)
_HEAD, _TIMES_AND_MODES = 12, 40
_ID_LENGTHS = (20, 32)
_IS_EXTENDED, _NAME_LENGTH = 0x4000, 0x0FFF
_LONGEST = 1 << 16
"""No path is."""
_MOST_BYTES = 1 << 29
"""Of an index with some millions of files. Who made a larger one wants it to be looked through for ever."""


def is_tracked(folder: Path) -> bool:
    """Say whether any file of a folder is in git's index."""
    place = _resolved(folder)
    top = next((above for above in place.parents if os.path.lexists(above / ".git")), None)
    if top is None:
        return False
    name = os.fsencode(place.relative_to(top).as_posix())
    index, *shared = _indexes_of(top)
    if _has_entry(index, name):
        return True
    if not any(_has_entry(part, name) for part in shared):
        return False
    from kb.system.git import tracks  # of what a split index shares some may be gone: only git can tell

    return tracks(folder)


def _resolved(folder: Path) -> Path:
    try:
        return folder.resolve()
    except (OSError, RuntimeError):
        return folder.absolute()


def _indexes_of(top: Path) -> Iterator[Path]:
    """Yield the file of the index of a working tree, then what it may share with an earlier one."""
    place = top / ".git"
    with suppress(OSError, ValueError):
        if place.is_file():  # of a further working tree, or of a submodule
            said = os.fsdecode(read_regular(place, _LONGEST)).removeprefix("gitdir:")
            place = top / said.strip()
    yield place / "index"
    yield from place.glob("sharedindex.*")


def _has_entry(index: Path, place: bytes) -> bool:
    """Say whether an index has a place, as a repository of its own, or anything below it; what is no index has none.

    One that is too large to be looked through counts as if it had.
    """
    with suppress(OSError, ValueError):
        descriptor = open_regular(index, links=True)
        try:
            if os.fstat(descriptor).st_size > _MOST_BYTES:
                return True
            with mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ) as data:
                version = int.from_bytes(data[4:8], "big")
                if data[:4] != _SIGNATURE or version not in _VERSIONS:
                    return False
                if version != _VERSIONS[-1] and data.find(place) < 0:  # nearly always: no entry need be looked at
                    return False
                return any(_has_path(data, version, length, place) for length in _ID_LENGTHS)
        finally:
            os.close(descriptor)
    return False


def _has_path(data: mmap.mmap, version: int, id_length: int, place: bytes) -> bool:
    """Look among the entries; where ids have another length than this, there are none."""
    with suppress(ValueError, IndexError):
        return any(path == place or path.startswith(place + b"/") for path in _paths(data, version, id_length))
    return False


def _paths(data: mmap.mmap, version: int, id_length: int) -> Iterator[bytes]:
    """Yield the path of each entry; raises `ValueError` or `IndexError` where ids have another length."""
    at, path = _HEAD, b""
    for _ in range(int.from_bytes(data[8:12], "big")):
        start, at = at, at + _TIMES_AND_MODES + id_length
        flags = int.from_bytes(data[at : at + 2], "big")
        at += 4 if version > _VERSIONS[0] and flags & _IS_EXTENDED else 2
        if version == _VERSIONS[-1]:
            dropped, at = _number(data, at)
            path = path[: len(path) - dropped]
        else:
            path = b""
        end = data.find(b"\0", at, at + _LONGEST)
        path += data[at:end] if end >= 0 else b""
        if end < 0 or len(path) > _LONGEST or min(len(path), _NAME_LENGTH) != flags & _NAME_LENGTH:
            raise ValueError("not where a path ends")
        yield path
        at = end + 1 if version == _VERSIONS[-1] else start + (end - start + 8) // 8 * 8


def _number(data: mmap.mmap, at: int) -> tuple[int, int]:
    """Read a number of variable length; returns it and where the next thing is."""
    byte = data[at]
    number, at = byte & 0x7F, at + 1
    while byte & 0x80 and number < _LONGEST:
        byte = data[at]
        number, at = ((number + 1) << 7) | (byte & 0x7F), at + 1
    return number, at
