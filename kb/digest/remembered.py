"""Which commit each reader's last digest reached: a small file in the user's state folder.

Not in git: whoever sends the mails keeps the record, and sending must not need a commit.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from ingest.files.reason import reason_of
from kb.errors import CannotWrite, Locked
from kb.system.git_objects import Commit
from kb.system.state_file import read_state
from kb.system.user_cache import state_folder
from search.storage import replace_file

_ID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


class Remembered:
    """The last digests of one knowledge base. A damaged file counts as none."""

    def __init__(self, root: Path) -> None:
        key = hashlib.sha256(os.fsencode(root.resolve())).hexdigest()[:32]
        self.file = state_folder() / "digests" / f"{key}.json"

    def last(self, reader: str) -> Commit | None:
        """Return the commit that a reader's last digest reached; None if there was none. An empty name: everybody."""
        return self._read().get(reader)

    def remember(self, reader: str, commit: Commit) -> None:
        """Record that a reader has got everything up to a commit; raises `CannotWrite`."""
        self._write({**self._read(), reader: commit})

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

    def _read(self) -> dict[str, Commit]:
        try:
            readers = json.loads(read_state(self.file))["readers"]
            return {name: commit for name, row in readers.items() if (commit := _commit_of(row))}
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return {}

    def _write(self, readers: Mapping[str, Commit]) -> None:
        rows = {name: [commit.id, int(commit.at.timestamp())] for name, commit in readers.items()}
        try:
            self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            replace_file(self.file, json.dumps({"format": 1, "readers": rows}).encode(), 0o600)
        except OSError as error:
            raise self._cannot(error) from error

    def _cannot(self, error: OSError) -> CannotWrite:
        return CannotWrite(f"{self.file}: {reason_of(error)}; without this record no digest is sent")


def _commit_of(row: object) -> Commit | None:
    match row:
        case [str(id_), int(seconds)] if _ID.fullmatch(id_):
            try:
                return Commit(id_, datetime.fromtimestamp(seconds, UTC))
            except (ValueError, OverflowError, OSError):
                return None
    return None
