"""The knowledge base to be examined, as far as it can be found and read."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kb.config import Config, read_config, root_from
from kb.errors import ConfigError, IndexUnusable
from kb.index.snapshot import Snapshot
from kb.index.store import SnapshotStore
from kb.system.user_cache import encoders_folder
from kb.trust.distrust import distrust
from search.errors import DamagedIndex

if TYPE_CHECKING:
    from search.indexing import Encoders


@dataclass(frozen=True, slots=True)
class Site:
    """A knowledge base that may be missing or broken."""

    root: Path | None
    """None if there is no `kb.toml`."""
    config: Config | None
    """None if `kb.toml` cannot be read."""
    problem: ConfigError | None = None

    @classmethod
    def at(cls, option: str | None) -> Site:
        """Look in the folder given by `--root`, the environment or the working directory."""
        root = None
        try:
            root = root_from(option)
            return cls(root, read_config(root))
        except ConfigError as error:
            return cls(root, None, error)

    @property
    def store(self) -> SnapshotStore | None:
        """The snapshot store, if there is one that can be read, else None."""
        store = SnapshotStore(self.root) if self.root else None
        if store is None or distrust(store.folder) or not store.folder.is_dir():
            return None
        return store if is_allowed(store.folder, os.R_OK | os.X_OK) else None

    @property
    def encoders(self) -> Encoders:
        from search.indexing import Encoders

        return Encoders(encoders_folder(), self.root or Path(), lambda line: None)


def sound_live(store: SnapshotStore | None) -> Snapshot | None:
    """Return the live snapshot if every byte is intact, else None; the area of the index reports why."""
    try:
        live = store.live() if store and not store.misplaced() else None
        if live:
            live.verify()
    except (DamagedIndex, IndexUnusable):
        return None
    return live


def is_allowed(path: Path, mode: int) -> bool:
    """Return whether the effective user of this process has the access `mode` (`os.R_OK` …)."""
    return os.access(path, mode, effective_ids=os.access in os.supports_effective_ids)
