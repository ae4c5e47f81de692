"""The snapshots that are kept, each with what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass

from kb.errors import IndexUnusable
from kb.index.snapshot import Snapshot
from kb.index.store import SnapshotStore
from search.errors import DamagedIndex


@dataclass(frozen=True, slots=True)
class Examined:
    """A snapshot, every byte of it looked at."""

    id: str
    snapshot: Snapshot | None
    """None when it cannot be opened."""
    defect: str = ""
    """The first that was found."""
    foreign: str = ""
    """Why this program cannot read it, though nothing may be wrong with it: it has another format."""

    @property
    def is_sound(self) -> bool:
        return self.snapshot is not None and not self.defect


def examine_all(store: SnapshotStore) -> list[Examined]:
    """Examine all snapshots, the oldest first."""
    return [examine(store, id_) for id_ in store.ids()]


def examine(store: SnapshotStore, id_: str) -> Examined:
    """Examine one snapshot; raises `UnknownSnapshot` if it is not there."""
    from kb.index.soundness import defects

    try:
        snapshot = store.open(id_)
    except DamagedIndex as error:
        return Examined(id_, None, str(error))
    except IndexUnusable as error:
        return Examined(id_, None, foreign=str(error))
    return Examined(snapshot.manifest.id, snapshot, next(iter(defects(snapshot)), ""))


def newest_sound(examined: list[Examined]) -> Snapshot | None:
    """Return the newest of those that are sound."""
    return next((found.snapshot for found in reversed(examined) if found.is_sound), None)
