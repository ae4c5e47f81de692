"""Garbage collection: snapshots beyond the last three, leftovers of stopped runs, orphaned vectors."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kb.errors import IndexUnusable
from kb.evaluation.collection import collections_size, remove_collections
from kb.index.store import SnapshotStore
from kb.index.writer import WriterLock
from kb.progress import Progress
from kb.reindex.named_vectors import named_vectors, why_none_may_go
from kb.system.disk import size_of
from search.indexing import VectorCache

if TYPE_CHECKING:
    from kb.forms.keep import garbage as forms


@dataclass(frozen=True, slots=True)
class Garbage:
    """What was removed, or with `removed` False what would be."""

    removed: bool
    """False for a dry run."""
    snapshots: tuple[str, ...]
    """Ids of the removed snapshots."""
    in_use: tuple[str, ...]
    """Ids of snapshots that were kept only because they are being read."""
    leftovers: int
    vectors: int
    """Number of removed vectors: those whose texts are in no snapshot."""
    vectors_kept: int
    note: str
    """Why vectors were not examined; empty if they were."""
    bytes: int
    """Disk space freed, in bytes."""
    collections: int = 0
    """Size of the user's test collections in bytes; they lie outside every knowledge base."""
    with_collections: bool = False
    """Whether the test collections are removed too."""

    def as_json(self) -> forms.Garbage:
        return {
            "removed": self.removed,
            "snapshots": list(self.snapshots),
            "in_use": list(self.in_use),
            "leftovers": self.leftovers,
            "vectors": self.vectors,
            "vectors_kept": self.vectors_kept,
            "note": self.note,
            "bytes": self.bytes,
            "collections": self.collections,
        }


@dataclass(frozen=True, slots=True)
class _Orphans:
    vectors: int = 0
    kept: int = 0
    bytes: int = 0
    note: str = ""


def collect(store: SnapshotStore, progress: Progress, *, remove: bool, wait: float = 0.0) -> Garbage:
    """Find what nothing refers to and remove it; it can be interrupted at any time and run again.

    Raises `IndexUnusable` if there is no index, `DamagedIndex` if none is live, `Locked`, `CannotWrite`.
    """
    if not store.folder.is_dir():
        raise IndexUnusable(f"there is no index in {store.folder} yet; run `kb reindex`")
    with WriterLock(store.lock).held(wait, progress.tell), store.writing():
        in_use = tuple(filter(store.is_in_use, store.old()))
        old = tuple(id_ for id_ in store.old() if id_ not in in_use)
        left = store.leftovers()
        size = sum(map(store.size, old)) + sum(map(size_of, left))
        if remove:
            store.remove_leftovers()
            for id_ in old:
                store.remove(id_)
        orphans = _orphans(store, [id_ for id_ in store.ids() if id_ not in old], remove=remove)
    return Garbage(
        removed=remove,
        snapshots=old,
        in_use=in_use,
        leftovers=len(left),
        vectors=orphans.vectors,
        vectors_kept=orphans.kept,
        note=orphans.note,
        bytes=size + orphans.bytes,
    )


def with_collections(found: Garbage, *, wanted: bool) -> Garbage:
    """Add the size of the test collections; remove them if `wanted` and this is no dry run."""
    size = collections_size()
    if wanted and found.removed:
        remove_collections()
    return replace(found, collections=size, with_collections=wanted)


def _orphans(store: SnapshotStore, kept: Sequence[str], *, remove: bool) -> _Orphans:
    if not store.vector_cache.is_file():
        return _Orphans()
    if why := why_none_may_go(store):
        return _Orphans(note=why)
    named = named_vectors(store, kept)
    with closing(VectorCache(store.vector_cache)) as cache:
        return (_removed if remove else _counted)(store, cache, named)


def _counted(store: SnapshotStore, cache: VectorCache, named: dict[str, set[bytes]]) -> _Orphans:
    vectors, rows = cache.orphans(named), len(cache)
    return _Orphans(vectors, rows - vectors, size_of(store.vector_cache) * vectors // max(rows, 1))


def _removed(store: SnapshotStore, cache: VectorCache, named: dict[str, set[bytes]]) -> _Orphans:
    before = size_of(store.vector_cache)
    vectors = cache.keep_only(named)
    if vectors:
        cache.shrink()
    return _Orphans(vectors, len(cache), before - size_of(store.vector_cache))
