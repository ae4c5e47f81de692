"""Safe repairs: everything they delete can be rebuilt."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

from kb.doctor.agreement import has_changed
from kb.doctor.leftovers import left_beside
from kb.doctor.modes import grant
from kb.doctor.site import Site
from kb.doctor.vector_cache import impossible_vectors
from kb.errors import IndexUnusable
from kb.index.store import SnapshotStore
from kb.index.writer import Writer, WriterLock
from kb.progress import Progress
from kb.system.user_cache import misplaced_in_cache
from kb.upkeep.examined import examine_all, newest_sound
from kb.upkeep.rollback import make_live
from kb.wording import counted, size_in_words
from search.errors import DamagedIndex
from search.indexing import VectorCache, damage_of
from search.storage import remove, remove_left


def repair(site: Site, progress: Progress, wait: float = 0.0) -> list[str]:
    """Repair what can be repaired safely; return a line for each repair. Raises `Locked` and `CannotWrite`."""
    done: list[str] = []
    if store := site.store:
        done += _misplaced(store)
        with WriterLock(store.lock).held(wait, progress.tell) as writer, store.writing():
            done += [*_leftovers(store), *_live(store, writer), *_damaged(store), *_vectors(store), *_modes(store)]
    return [*done, *_cache(), *_beside(site), *_encoder(site)]


def _cache() -> Iterator[str]:
    for path in misplaced_in_cache():
        remove(path)
        yield f"removed {path}, which was in the place of what kb keeps there"


def _beside(site: Site) -> Iterator[str]:
    for path in filter(remove_left, left_beside(site)):
        yield f"removed {path}, left by a process that was stopped"


def _misplaced(store: SnapshotStore) -> Iterator[str]:
    """Remove folders in the place of files and vice versa, also of the lock file, so this runs before locking."""
    for path in store.misplaced():
        remove(path)
        yield f"removed {path}, which was in the place of {'a folder' if path.name == 'snapshots' else 'a file'}"


def _leftovers(store: SnapshotStore) -> Iterator[str]:
    if left := store.leftovers():
        yield f"removed {counted(len(left), 'leftover')} of stopped runs, {size_in_words(store.remove_leftovers())}"


def _live(store: SnapshotStore, writer: Writer) -> Iterator[str]:
    """Make the newest sound snapshot live if the pointer names none or a damaged one."""
    examined = {found.id: found for found in examine_all(store)}
    try:
        live = store.live_id()
        why = f"{live} is damaged" if live in examined else f"{live} is not there"
    except DamagedIndex as error:
        live, why = None, str(error)
    found = examined.get(live or "")
    sound = newest_sound(list(examined.values()))
    if sound and not (found and (found.is_sound or found.foreign)):
        make_live(store, sound, writer, why)
        yield f"made {sound.manifest.id} live: {why}"


def _damaged(store: SnapshotStore) -> Iterator[str]:
    """Remove damaged snapshots, to which no rollback is possible; the live one always stays."""
    try:
        live = store.live_id()
    except DamagedIndex:
        return
    useless = [found.id for found in examine_all(store) if not (found.is_sound or found.foreign)]
    for id_ in useless:  # `examine_all` holds none of them open any more
        if id_ != live and store.remove(id_):
            yield f"removed the damaged snapshot {id_}"


def _vectors(store: SnapshotStore) -> Iterator[str]:
    path = store.vector_cache
    if not path.is_file():
        return
    if damage := damage_of(path):
        path.unlink()
        yield f"removed the damaged vector cache ({damage}); what is reindexed with --full is encoded again"
        return
    with closing(VectorCache(path)) as cache:
        for fingerprint, keys in impossible_vectors(store, cache).items():
            if keys:
                cache.remove(fingerprint, keys)
                yield f"removed {counted(len(keys), 'damaged vector')} from the vector cache"


def _modes(store: SnapshotStore) -> Iterator[str]:
    if granted := grant(store.folder):
        yield f"let the group write {counted(granted, 'file')} of {store.folder}"


def _encoder(site: Site) -> Iterator[str]:
    """Remove the exported encoder of the live index if it is damaged."""
    encoders = site.encoders
    try:
        live = site.store.live() if site.store else None
        card = live.manifest.encoder if live else None
        if live is None or card is None or card.fingerprint not in encoders.exported():
            return
        is_damaged = encoders.damage_of(card.fingerprint) or has_changed(encoders, live)
    except (DamagedIndex, IndexUnusable):  # the index has to be repaired first
        return
    if is_damaged:
        encoders.remove(card.fingerprint)
        yield f"removed the damaged exported model {card.model}; the next search makes it again"
