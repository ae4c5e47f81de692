"""Finds out whether git tracks a folder, by reading git's index file: starting git would take too long."""

from __future__ import annotations

import mmap
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from ingest.files.regular_file import open_regular, read_regular

# Documentation/gitformat-index.txt of git: a header of 12 bytes; an entry has 40 bytes of times and modes, the
# object's id, flags, and its path; version 4 omits the prefix that a path shares with the previous one.
_SIGNATURE = b"DIRC"
_VERSIONS = (2, 3, 4)
_HEAD, _TIMES_AND_MODES = 12, 40
_ID_LENGTHS = (20, 32)
_IS_EXTENDED, _NAME_LENGTH = 0x4000, 0x0FFF
_LONGEST = 1 << 16
"""Longer than any path, in bytes."""
_MOST_BYTES = 1 << 29
"""Size of an index with some millions of files; a larger one may be an attack and is not searched."""


def is_tracked(folder: Path) -> bool:
    """Return whether any file of a folder is in git's index."""
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
    from kb.system.git import tracks  # entries of a shared index may be deleted in the main one: only git knows

    return tracks(folder)


def _resolved(folder: Path) -> Path:
    try:
        return folder.resolve()
    except (OSError, RuntimeError):
        return folder.absolute()


def _indexes_of(top: Path) -> Iterator[Path]:
    """Yield the index file of a working tree, then the shared files of a split index."""
    place = top / ".git"
    with suppress(OSError, ValueError):
        if place.is_file():  # a linked working tree, or a submodule
            target = os.fsdecode(read_regular(place, _LONGEST)).removeprefix("gitdir:")
            place = top / target.strip()
    yield place / "index"
    yield from place.glob("sharedindex.*")


def _has_entry(index: Path, place: bytes) -> bool:
    """Return whether an index has an entry for `place` itself (a submodule) or below it; False for an invalid file.

    True if it is too large to be searched.
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
                if version != _VERSIONS[-1] and data.find(place) < 0:  # nearly always; then no entry is parsed
                    return False
                return any(_has_path(data, version, length, place) for length in _ID_LENGTHS)
        finally:
            os.close(descriptor)
    return False


def _has_path(data: mmap.mmap, version: int, id_length: int, place: bytes) -> bool:
    """Return whether an entry is at or below `place`; False if the ids do not have this length."""
    with suppress(ValueError, IndexError):
        return any(path == place or path.startswith(place + b"/") for path in _paths(data, version, id_length))
    return False


def _paths(data: mmap.mmap, version: int, id_length: int) -> Iterator[bytes]:
    """Yield the path of each entry; raises `ValueError` or `IndexError` if the ids do not have this length."""
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
    """Return a number of variable length that begins at offset `at`, and the offset after it."""
    byte = data[at]
    number, at = byte & 0x7F, at + 1
    while byte & 0x80 and number < _LONGEST:
        byte = data[at]
        number, at = ((number + 1) << 7) | (byte & 0x7F), at + 1
    return number, at
