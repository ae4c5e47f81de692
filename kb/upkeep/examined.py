"""The stored snapshots, each with its defects."""

from __future__ import annotations

from dataclasses import dataclass

from kb.errors import IndexUnusable
from kb.index.snapshot import Snapshot
from kb.index.store import SnapshotStore
from search.errors import DamagedIndex


@dataclass(frozen=True, slots=True)
class Examined:
    """A snapshot of which every byte was checked."""

    id: str
    snapshot: Snapshot | None
    """None if it cannot be opened."""
    defect: str = ""
    """The first defect that was found; empty if there is none."""
    foreign: str = ""
    """Why this program cannot read it although it may be intact: it has another format. Empty otherwise."""

    @property
    def is_sound(self) -> bool:
        return self.snapshot is not None and not self.defect


def examine_all(store: SnapshotStore) -> list[Examined]:
    """Examine all snapshots, the oldest first."""
    return [examine(store, id_) for id_ in store.ids()]


def examine(store: SnapshotStore, id_: str) -> Examined:
    """Examine one snapshot; raises `UnknownSnapshot` if it does not exist."""
    from kb.index.soundness import defects

    try:
        snapshot = store.open(id_)
    except DamagedIndex as error:
        return Examined(id_, None, str(error))
    except IndexUnusable as error:
        return Examined(id_, None, foreign=str(error))
    return Examined(snapshot.manifest.id, snapshot, next(iter(defects(snapshot)), ""))


def newest_sound(examined: list[Examined]) -> Snapshot | None:
    """Return the newest sound snapshot; None if there is none."""
    return next((found.snapshot for found in reversed(examined) if found.is_sound), None)
