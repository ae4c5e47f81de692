"""Whether the cached vectors are usable, and not mostly orphans."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from functools import partial

from kb.doctor.diagnosis import FIX, Area, Diagnosis, Level
from kb.doctor.site import Site
from kb.errors import KbError
from kb.index.snapshot import Snapshot
from kb.index.store import SnapshotStore
from kb.reindex.named_vectors import named_vectors, why_none_may_go
from kb.wording import counted
from search.errors import DamagedIndex
from search.indexing import VectorCache, damage_of, queries_of

_ok = partial(Diagnosis, Area.VECTOR_CACHE, Level.OK)
_warning = partial(Diagnosis, Area.VECTOR_CACHE, Level.WARNING)
_error = partial(Diagnosis, Area.VECTOR_CACHE, Level.ERROR)


def readable(site: Site) -> Iterator[Diagnosis]:
    """Let SQLite check the file, then check the vectors, then count the orphans."""
    store = site.store
    if store is None or store.misplaced() or not store.vector_cache.exists():
        return
    if damage := damage_of(store.vector_cache):
        yield _error(f"{store.vector_cache} is damaged: {damage}", FIX)
        return
    with closing(VectorCache(store.vector_cache)) as cache:
        if wrong := sum(map(len, impossible_vectors(store, cache).values())):
            yield _error(f"{counted(wrong, 'vector')} in {store.vector_cache} cannot be the model's", FIX)
        yield _ok(f"{counted(len(cache), 'vector')} can be read")
        yield from _orphans(store, cache)


def impossible_vectors(store: SnapshotStore, cache: VectorCache) -> dict[str, list[bytes]]:
    """Return text hashes by fingerprint: those whose cached vector cannot be from the snapshots' encoders."""
    return {
        fingerprint: cache.impossible(fingerprint, card.dimension, unit_length=card.normalizes)
        for card in {each.manifest.encoder for each in _openable(store)}
        if card
        for fingerprint in (card.fingerprint, queries_of(card.fingerprint))
    }


def _openable(store: SnapshotStore) -> Iterator[Snapshot]:
    for id_ in store.ids():
        try:
            yield store.open(id_)
        except (DamagedIndex, KbError):
            continue


def _orphans(store: SnapshotStore, cache: VectorCache) -> Iterator[Diagnosis]:
    try:
        if why := why_none_may_go(store):
            yield _ok(why)
            return
        orphans = cache.orphans(named_vectors(store, store.ids()))
    except (DamagedIndex, KbError):
        return  # reported in the area of the index, or by the check of the last runs
    if orphans * 2 > len(cache):
        yield _warning(f"of texts that are gone: {orphans:,} of {counted(len(cache), 'vector')}", "kb gc")
    else:
        yield _ok(f"of texts that are gone: {counted(orphans, 'vector')}")


CHECKS = (readable,)
