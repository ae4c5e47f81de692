"""What the index of today saves a past one: the vectors of equal texts, and the lessons that were the same."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from ingest.files.changes import compare
from kb.config import Config, corpus_of
from kb.errors import IndexUnusable
from kb.index.snapshot import Snapshot
from kb.index.store import SnapshotStore
from kb.reindex.plan import known_files
from search.errors import DamagedIndex

FEW = 200
"""If more lessons differ from those of today, words are indexed first, and texts with unknown vectors later: reading
and encoding a lesson takes about a tenth of a second."""


def plant(today: SnapshotStore, past: SnapshotStore, config: Config) -> None:
    """Put into a new index the vectors known today and, if few lessons differ, the snapshot of today to start from.

    If today's index is missing or damaged, the past one is built without it.
    """
    past.prepare()
    with suppress(IndexUnusable, DamagedIndex, OSError):
        _copy_vectors(today.vector_cache, past.vector_cache)
        live = today.live()
        if live and live.manifest.encoder and _differing(live, config) <= FEW:
            today.verified.verify(live)
            folder = past.folder / "snapshots" / live.folder.name
            shutil.copytree(live.folder, folder)
            past.make_live(Snapshot.open(folder))


def thin_out(past: SnapshotStore) -> None:
    """Remove what a finished index does not need: the snapshot it started from and, if it has vectors, their cache."""
    live = past.live()
    for id_ in past.ids():
        if live and id_ != live.folder.name:
            past.remove(id_)
    if live and live.manifest.encoder:
        past.vector_cache.unlink(missing_ok=True)


def _differing(live: Snapshot, config: Config) -> int:
    corpus = corpus_of(config)
    return compare(corpus.find(), known_files(live), corpus.digest).count


def _copy_vectors(source: Path, target: Path) -> None:
    """Copy what can be read of a vector cache: without it, texts are encoded again."""
    address = f"{source.absolute().as_uri()}?mode=ro"
    with (
        suppress(sqlite3.Error),
        closing(sqlite3.connect(address, uri=True)) as opened,
        closing(sqlite3.connect(target)) as copy,
    ):
        opened.backup(copy)
