"""Rollback: an earlier snapshot is made live again, and the ledger records it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.errors import IndexUnusable, UnknownSnapshot, UnsoundSnapshot
from kb.index.snapshot import Snapshot
from kb.index.store import SnapshotStore
from kb.index.writer import Writer, WriterLock
from kb.progress import Progress
from kb.reindex.ledger import Ledger, Outcome
from kb.upkeep.examined import examine
from search.errors import DamagedIndex

if TYPE_CHECKING:
    from kb.forms.keep import garbage as forms


@dataclass(frozen=True, slots=True)
class Kept:
    """A stored snapshot, with what one line of the list shows."""

    id: str
    live: bool
    problem: str = ""
    """Why it cannot be opened; empty if it can."""
    built: str = ""
    """UTC, ISO 8601, from its manifest."""
    lessons: int = 0
    commit: str | None = None

    def as_json(self) -> forms.KeptSnapshot:
        return {
            "id": self.id,
            "live": self.live,
            "problem": self.problem,
            "built": self.built,
            "lessons": self.lessons,
            "commit": self.commit,
        }


def kept_snapshots(store: SnapshotStore) -> list[Kept]:
    """Return the stored snapshots, the newest first; their contents are not verified."""
    live = None
    with suppress(DamagedIndex):
        live = store.live_id()
    return [_kept(store, id_, live=id_ == live) for id_ in reversed(store.ids())]


def _kept(store: SnapshotStore, id_: str, *, live: bool) -> Kept:
    try:
        manifest = store.open(id_).manifest
    except (DamagedIndex, IndexUnusable) as error:
        return Kept(id_, live, str(error))
    return Kept(id_, live, "", manifest.built, manifest.lessons, manifest.commit)


def roll_back(store: SnapshotStore, id_: str | None, progress: Progress, wait: float = 0.0) -> Snapshot:
    """Make a snapshot live: the one whose id is or begins with `id_`, or the one before the live one.

    Raises `UnknownSnapshot`, `UnsoundSnapshot`, and `Locked` if another process still writes after `wait` seconds.
    """
    if not store.ids():
        raise IndexUnusable(f"there is no index in {store.folder} yet; run `kb reindex`")
    with WriterLock(store.lock).held(wait, progress.tell) as writer, store.writing():
        found = examine(store, id_ or _before_the_live_one(store))
        if found.snapshot is None or found.defect:
            why = found.defect or found.foreign
            raise UnsoundSnapshot(f"{found.id} was not made live: {why}; `kb rollback --list` shows the others")
        make_live(store, found.snapshot, writer)
        return found.snapshot


def _before_the_live_one(store: SnapshotStore) -> str:
    live, ids = store.live_id(), store.ids()
    earlier = [id_ for id_ in ids if live is not None and id_ < live]
    if not earlier:
        raise UnknownSnapshot(f"no snapshot is kept from before the live one ({live}); there are: {', '.join(ids)}")
    return earlier[-1]


def make_live(store: SnapshotStore, snapshot: Snapshot, writer: Writer, why: str = "") -> None:
    """Point to a snapshot as the live one, and record the old and the new id in the ledger."""
    before = None
    with suppress(DamagedIndex):
        before = store.live_id()
    if before == snapshot.manifest.id:
        return
    ledger = Ledger(store.ledger)
    run = ledger.begin(writer)
    try:
        store.make_live(snapshot)
    except BaseException:
        ledger.end(run, Outcome.FAILED, f"{snapshot.manifest.id} could not be made live")
        raise
    reason = f"from {before or 'a pointer that named none'} to {snapshot.manifest.id}"
    ledger.end(run, Outcome.ROLLED_BACK, f"{reason}: {why}" if why else reason)
