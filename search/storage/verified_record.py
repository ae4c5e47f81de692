"""The record that all of a folder's files were compared with their digests, so that it need not be done again.

It is kept in the user's own cache, never beside the files: a record that comes with the files proves nothing.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from search.storage.atomic import replace_file

# A file that changed within the last tick of its clock may change again and keep its times; the coarsest clocks tick
# every two seconds.
_SETTLED_NS = 2_000_000_000
# Damage by the disk does not change a file's times; only reading everything finds it, which a nightly job does anyway.
_BELIEVED_NS = 24 * 3600 * 1_000_000_000
_OTHERS_MAY_WRITE = 0o022


class Stamp(NamedTuple):
    """Properties of a file of which at least one changes when the file does; times in nanoseconds since 1970."""

    size: int
    mtime_ns: int
    ctime_ns: int
    """The time of the last change of the file or its properties; no program can set it."""
    inode: int
    device: int

    @classmethod
    def of(cls, found: os.stat_result) -> Stamp:
        return cls(found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino, found.st_dev)


Stamps = Mapping[str, Stamp]
"""File name → stamp, for each file of the folder."""


class VerifiedRecord:
    """Records of one folder at a time, by its name, that its files were verified with these stamps."""

    def __init__(self, path: Path, clock: Callable[[], int] = time.time_ns) -> None:
        """`clock` returns nanoseconds since 1970, as file times are."""
        self._path = path
        self._clock = clock

    def now(self) -> int:
        """Return the clock's time; call it before files are read."""
        return self._clock()

    def vouches_for(self, name: str, stamps: Stamps) -> bool:
        """Return whether the files were verified within the last day, and have not changed since."""
        record = self._read()
        verified = record.get("verified")
        return (
            isinstance(verified, int)
            and 0 <= self._clock() - verified < _BELIEVED_NS
            and record.get("folder") == name
            and record.get("files") == _as_json(stamps)
        )

    def remember(self, name: str, stamps: Stamps, began: int) -> None:
        """Record that files were verified from `began` on, unless one may still change and keep its times.

        If the record cannot be written, everything is read again the next time.
        """
        if max(max(stamp.mtime_ns, stamp.ctime_ns) for stamp in stamps.values()) >= began - _SETTLED_NS:
            return
        record = {"folder": name, "verified": began, "files": _as_json(stamps)}
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(self._path, json.dumps(record).encode(), 0o600)

    def _read(self) -> dict[str, Any]:
        """Return the record's content; empty if others may write the file, or if it is damaged."""
        try:
            with self._path.open("rb") as file:
                stat = os.fstat(file.fileno())
                if stat.st_uid != os.geteuid() or stat.st_mode & _OTHERS_MAY_WRITE:
                    return {}
                record = json.load(file)
        except (OSError, ValueError, RecursionError):
            return {}
        return record if isinstance(record, dict) else {}


def _as_json(stamps: Stamps) -> dict[str, list[int]]:
    return {name: list(stamp) for name, stamp in stamps.items()}
