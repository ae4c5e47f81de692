"""Which snapshots this user has found to be what was written, so that opening one does not read all of it again.

It lies in the user's own cache and never in `.kb`, which comes along with a clone.
"""

from __future__ import annotations

import json
import os
import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any

from kb.index.snapshot import Snapshot, Stamp

# A file that changed within the last tick of its clock may change again and keep its times; the coarsest clocks tick
# every two seconds.
_SETTLED_NS = 2_000_000_000
# What a disk spoils without any file's times changing is found by reading all of it; a nightly job does so anyway.
_BELIEVED_NS = 24 * 3600 * 1_000_000_000
_OTHERS_MAY_WRITE = 0o022


class Verified:
    """Remembers for each knowledge base the last snapshot of which every byte was compared with its digests."""

    def __init__(self, folder: Path, clock: Callable[[], int] = time.time_ns) -> None:
        """`folder` is made when it is needed; `clock` gives nanoseconds since 1970, as files have them."""
        self._folder = folder
        self._clock = clock

    def verify(self, snapshot: Snapshot, part: str = "") -> bool:
        """Compare one part of a snapshot, or all, with its digests, unless that was done and no file has changed since.

        Returns whether it had to be read; raises `DamagedIndex`.
        """
        if self._vouches_for(snapshot):
            return False
        if part:
            snapshot.verify(part)
        else:
            self.verify_again(snapshot)
        return True

    def verify_again(self, snapshot: Snapshot) -> None:
        """Compare all of a snapshot with its digests, whatever is remembered; raises `DamagedIndex`."""
        began = self._clock()
        snapshot.verify()
        settled = max(max(stamp.mtime_ns, stamp.ctime_ns) for stamp in snapshot.stamps.values()) < began - _SETTLED_NS
        if settled and snapshot.stamps_now() == snapshot.stamps:
            self._remember(snapshot, began)

    def _vouches_for(self, snapshot: Snapshot) -> bool:
        said = _read(self._path_for(snapshot))
        verified = said.get("verified")
        return (
            isinstance(verified, int)
            and 0 <= self._clock() - verified < _BELIEVED_NS
            and said.get("snapshot") == snapshot.folder.name
            and said.get("files") == _as_json(snapshot.stamps)
        )

    def _remember(self, snapshot: Snapshot, began: int) -> None:
        """Write it down; where that cannot be done, all is read again the next time."""
        said = {"snapshot": snapshot.folder.name, "verified": began, "files": _as_json(snapshot.stamps)}
        path = self._path_for(snapshot)
        aside = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                json.dump(said, file)
            os.replace(aside, path)

    def _path_for(self, snapshot: Snapshot) -> Path:
        place = os.fsencode(snapshot.folder.parent.absolute())
        return self._folder / f"{blake2b(place, digest_size=10).hexdigest()}.json"


def _as_json(stamps: Mapping[str, Stamp]) -> dict[str, list[int]]:
    return {name: list(stamp) for name, stamp in stamps.items()}


def _read(path: Path) -> dict[str, Any]:
    """Return what a record says, nothing when it is not this user's own or not whole."""
    try:
        with path.open("rb") as file:
            stat = os.fstat(file.fileno())
            if stat.st_uid != os.geteuid() or stat.st_mode & _OTHERS_MAY_WRITE:
                return {}
            said = json.load(file)
    except (OSError, ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}
