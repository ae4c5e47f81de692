"""The vectors that are still referenced, and removal of the others (orphans) from the vector cache."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from contextlib import closing, suppress

from kb.catalogue.catalogue import Catalogue
from kb.errors import KbError
from kb.index.snapshot import CATALOGUE, Snapshot
from kb.index.store import SnapshotStore
from kb.reindex.ledger import Ledger
from search.errors import DamagedIndex, SearchError
from search.indexing import VECTORS, VectorCache, queries_of, read_keys, text_key

# An edited library always has some orphans; searching for a few costs more than keeping them.
MANY = 10_000


def why_none_may_go(store: SnapshotStore) -> str:
    """Return why no vector may be removed now: those of a stopped run are in no snapshot yet. Empty if they may."""
    live = store.live()
    if live is None or live.manifest.encoder is None:
        return "no index with vectors is live yet: what is encoded already is kept for it"
    jobs = [run for run in Ledger(store.ledger).runs() if run.outcome.is_of_the_job]
    if jobs and not jobs[-1].outcome.is_good:
        return f"the last run was {jobs[-1].outcome}: what it encoded is kept for the next one"
    return ""


def named_vectors(store: SnapshotStore, ids: Sequence[str]) -> dict[str, set[bytes]]:
    """Return the vector keys that snapshots refer to, by fingerprint: of passages, and of the lessons' `answers`.

    Raises `DamagedIndex` if the live one is damaged. Another that cannot be read is skipped: it can never be live.
    """
    named: defaultdict[str, set[bytes]] = defaultdict(set)
    live = store.live_id()
    for id_ in ids:
        try:
            _note(named, store.open(id_))
        except (KbError, DamagedIndex):
            if id_ == live:
                raise
    return dict(named)


def _note(named: defaultdict[str, set[bytes]], snapshot: Snapshot) -> None:
    if card := snapshot.manifest.encoder:
        snapshot.verify(VECTORS)
        snapshot.verify(CATALOGUE)
        with closing(Catalogue(snapshot.folder / CATALOGUE)) as catalogue:
            answers = [answer for lesson in catalogue.lessons() for answer in lesson.answers]
        named[card.fingerprint].update(key.tobytes() for key in read_keys(snapshot.folder / VECTORS))
        named[queries_of(card.fingerprint)].update(map(text_key, answers))


def drop_many_orphans(store: SnapshotStore) -> int:
    """Remove orphans if they are more than half of the cache and more than `MANY`; return the number. Never fails."""
    with suppress(OSError, sqlite3.Error, KbError, SearchError):
        live = store.live()
        if live and store.vector_cache.is_file() and not why_none_may_go(store):
            with closing(VectorCache(store.vector_cache)) as cache:
                return _drop_if_many(store, cache, live.manifest.passages)
    return 0


def _drop_if_many(store: SnapshotStore, cache: VectorCache, live_passages: int) -> int:
    enough = max(len(cache) // 2, MANY)
    if len(cache) - live_passages <= enough:  # an upper bound of the number of orphans
        return 0
    named = named_vectors(store, store.ids())
    if cache.orphans(named) <= enough:
        return 0
    dropped = cache.keep_only(named)
    cache.shrink()
    return dropped
