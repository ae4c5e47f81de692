"""Maintenance of an index: its status, its stored snapshots, garbage collection."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from ingest.files.corpus import Corpus
from kb.config import Config
from kb.errors import IndexUnusable
from kb.index.snapshot import Snapshot
from kb.index.store import SnapshotStore
from kb.progress import Progress
from kb.retrieval.opening import Opening

if TYPE_CHECKING:
    from kb.upkeep.garbage import Garbage
    from kb.upkeep.rollback import Kept
    from kb.upkeep.status import Status
    from search.indexing import Encoders


@dataclass(frozen=True, slots=True)
class Upkeep:
    """The operations on the index of one knowledge base other than searching and building."""

    config: Config
    store: SnapshotStore
    corpus: Corpus
    opening: Opening
    encoders: Callable[[], Encoders]
    progress: Progress

    def status(self, max_age: timedelta | None = None, *, servers: bool = False) -> Status:
        """Return the status of the index, judged by `max_age`, and of the `servers` of this user if wanted.

        Raises `IndexUnusable` if there is no index.
        """
        from kb.reindex.ledger import Ledger
        from kb.served.running import running_servers
        from kb.upkeep.freshness import last_failure
        from kb.upkeep.status import Answering, status_of

        runs = Ledger(self.store.ledger).runs()
        try:
            snapshot, damage = self.opening.sound_snapshot()
        except IndexUnusable as error:
            raise IndexUnusable(f"{error}{last_failure(runs)}") from error
        answering = Answering(snapshot, damage, self._encoded(snapshot))
        found = status_of(self.config, self.store, self.corpus, answering, runs, max_age)
        return replace(found, servers=running_servers(self.config.root)) if servers else found

    def _encoded(self, snapshot: Snapshot) -> int:
        """Return how many passages are encoded: all, or in an index by words only, those with a cached vector."""
        if snapshot.manifest.encoder:
            return snapshot.manifest.passages
        from kb.reindex.encoding import count_encoded

        card = self.encoders().known_card(self.config.model)
        return count_encoded(snapshot, self.store.vector_cache, card.fingerprint) if card else 0

    def snapshots(self) -> list[Kept]:
        """Return the stored snapshots, the newest first."""
        from kb.upkeep.rollback import kept_snapshots

        return kept_snapshots(self.store)

    def roll_back(self, id_: str | None = None, *, wait: float = 0.0) -> Snapshot:
        """Make an earlier snapshot live, by default the one before the live one; return it.

        Raises `UnknownSnapshot`, `UnsoundSnapshot`, and `Locked` if another process still writes after `wait` seconds.
        """
        from kb.upkeep.rollback import roll_back

        return roll_back(self.store, id_, self.progress, wait)

    def collect_garbage(self, *, collections: bool = False, remove: bool = True, wait: float = 0.0) -> Garbage:
        """Remove what nothing refers to, or only count it; with `collections` also the user's test collections."""
        from kb.upkeep.garbage import collect, with_collections

        found = collect(self.store, self.progress, remove=remove, wait=wait)
        return with_collections(found, wanted=collections)
