"""Remembers which snapshots match their digests, so that they need not be read completely at each opening."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path

from kb.index.snapshot import Snapshot
from search.storage import VerifiedRecord


class Verified:
    """Remembers, for each knowledge base of a user, the last snapshot that was completely verified."""

    def __init__(self, folder: Path, clock: Callable[[], int] = time.time_ns) -> None:
        """`folder`, in the user's cache, is created when needed."""
        self._folder = folder
        self._clock = clock

    def verify(self, snapshot: Snapshot, part: str = "") -> bool:
        """Compare a snapshot, or one part, with its digests, unless it was verified and no file has changed since.

        Return whether files had to be read; raises `DamagedIndex`.
        """
        if self._record_of(snapshot).vouches_for(snapshot.folder.name, snapshot.stamps):
            return False
        if part:
            snapshot.verify(part)
        else:
            self.verify_again(snapshot)
        return True

    def verify_again(self, snapshot: Snapshot) -> None:
        """Compare the whole snapshot with its digests, even if it was verified before; raises `DamagedIndex`."""
        record = self._record_of(snapshot)
        began = record.now()
        snapshot.verify()
        if snapshot.stamps_now() == snapshot.stamps:
            record.remember(snapshot.folder.name, snapshot.stamps, began)

    def _record_of(self, snapshot: Snapshot) -> VerifiedRecord:
        place = os.fsencode(snapshot.folder.parent.absolute())
        name = f"{blake2b(place, digest_size=10).hexdigest()}.json"
        return VerifiedRecord(self._folder / name, self._clock)
