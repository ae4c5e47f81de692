"""Which snapshots this user has found to be what was written, so that opening one does not read all of it again."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path

from kb.index.snapshot import Snapshot
from search.storage.verified_record import VerifiedRecord


class Verified:
    """Remembers for each knowledge base the last snapshot of which every byte was compared with its digests."""

    def __init__(self, folder: Path, clock: Callable[[], int] = time.time_ns) -> None:
        """`folder`, of the user's own cache, is made when it is needed."""
        self._folder = folder
        self._clock = clock

    def verify(self, snapshot: Snapshot, part: str = "") -> bool:
        """Compare one part of a snapshot, or all, with its digests, unless that was done and no file has changed since.

        Returns whether it had to be read; raises `DamagedIndex`.
        """
        if self._record_of(snapshot).vouches_for(snapshot.folder.name, snapshot.stamps):
            return False
        if part:
            snapshot.verify(part)
        else:
            self.verify_again(snapshot)
        return True

    def verify_again(self, snapshot: Snapshot) -> None:
        """Compare all of a snapshot with its digests, whatever is remembered; raises `DamagedIndex`."""
        record = self._record_of(snapshot)
        began = record.now()
        snapshot.verify()
        if snapshot.stamps_now() == snapshot.stamps:
            record.remember(snapshot.folder.name, snapshot.stamps, began)

    def _record_of(self, snapshot: Snapshot) -> VerifiedRecord:
        place = os.fsencode(snapshot.folder.parent.absolute())
        name = f"{blake2b(place, digest_size=10).hexdigest()}.json"
        return VerifiedRecord(self._folder / name, self._clock)
