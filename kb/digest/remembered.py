"""Which commit each reader's last digest reached, and of which lessons it told: a file in the user's state folder.

Not in git: whoever sends the mails keeps the record, and sending must not need a commit.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from ingest.files.reason import reason_of
from kb.errors import CannotWrite, Locked
from kb.system.git_objects import Commit
from kb.system.state_file import read_state
from kb.system.user_cache import state_folder
from search.storage import replace_file

_ID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


_MOST_TOLD = 40_000
"""Lessons that are kept, of all readers together: the file stays below the size that is read of it."""
_MARK = re.compile(r"[0-9a-f]{12}")


class Told(NamedTuple):
    """What a reader has got."""

    until: Commit | None
    """The commit that the last digest reached; None if there was none."""
    lessons: tuple[str, ...] = ()
    """The lessons of which any digest told, by hashes of their ids: the reader hears if one of them is removed."""

    def has(self, id_: str) -> bool:
        return _mark_of(id_) in self.lessons


class Remembered:
    """The last digests of one knowledge base. A damaged file counts as none."""

    def __init__(self, root: Path) -> None:
        key = hashlib.sha256(os.fsencode(root.resolve())).hexdigest()[:32]
        self.file = state_folder() / "digests" / f"{key}.json"

    def last(self, reader: str) -> Commit | None:
        """Return the commit that a reader's last digest reached; None if there was none. An empty name: everybody."""
        return self.told(reader).until

    def told(self, reader: str) -> Told:
        """Return what a reader has got."""
        return self._read().get(reader, Told(None))

    def remember(self, reader: str, commit: Commit, told: Iterable[str] = (), removed: Collection[str] = ()) -> None:
        """Record that a reader has got everything up to a commit, with the ids of these lessons; raises `CannotWrite`.

        Of very many lessons those are kept that were told last.
        """
        known, gone = self._read(), {*map(_mark_of, removed)}
        every = dict.fromkeys([*known.get(reader, Told(None)).lessons, *map(_mark_of, told)])
        self._write({**known, reader: Told(commit, tuple(mark for mark in every if mark not in gone))})

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep other processes from sending at the same time, and make sure that the file can be written.

        Raises `Locked` and `CannotWrite`.
        """
        self._write(self._read())
        try:
            descriptor = os.open(self.file.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        except OSError as error:
            raise self._cannot(error) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        except BlockingIOError as error:
            raise Locked("another process is sending digests of this knowledge base; try again later") from error
        finally:
            os.close(descriptor)

    def _read(self) -> dict[str, Told]:
        try:
            readers = json.loads(read_state(self.file))["readers"]
            return {name: told for name, row in readers.items() if (told := _told_of(row))}
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return {}

    def _write(self, readers: Mapping[str, Told]) -> None:
        most = max(_MOST_TOLD // max(len(readers), 1), 1)
        rows = {
            name: [told.until.id, int(told.until.at.timestamp()), *told.lessons[-most:]]
            for name, told in readers.items()
            if told.until
        }
        try:
            self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            replace_file(self.file, json.dumps({"format": 1, "readers": rows}).encode(), 0o600)
        except OSError as error:
            raise self._cannot(error) from error

    def _cannot(self, error: OSError) -> CannotWrite:
        return CannotWrite(f"{self.file}: {reason_of(error)}; without this record no digest is sent")


def _mark_of(id_: str) -> str:
    return hashlib.sha256(id_.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _told_of(row: object) -> Told | None:
    match row:
        case [str(id_), int(seconds), *lessons] if _ID.fullmatch(id_):
            try:
                marks = tuple(mark for mark in lessons if isinstance(mark, str) and _MARK.fullmatch(mark))
                return Told(Commit(id_, datetime.fromtimestamp(seconds, UTC)), marks)
            except (ValueError, OverflowError, OSError):
                return None
    return None
