"""Whether the index is intact and up to date, and no stopped run has left anything behind."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from ingest.files.changes import compare
from kb.catalogue.catalogue import Catalogue
from kb.config import corpus_of
from kb.doctor.diagnosis import FIX, Area, Diagnosis, Level, parted
from kb.doctor.modes import not_group_writable
from kb.doctor.site import Site, is_allowed, sound_live
from kb.errors import IndexUnusable
from kb.index.snapshot import CATALOGUE, Snapshot
from kb.index.store import FOLDER_NAME
from kb.index.writer import Writer, WriterLock
from kb.trust.distrust import distrust
from kb.upkeep.examined import Examined, examine_all, newest_sound
from kb.wording import counted
from search.errors import DamagedIndex, ModelError

_LONG = timedelta(hours=6)
"""A run longer than this is suspicious: a first index of 100,000 passages takes an hour."""

_ok = partial(Diagnosis, Area.INDEX, Level.OK)
_warning = partial(Diagnosis, Area.INDEX, Level.WARNING)
_error = partial(Diagnosis, Area.INDEX, Level.ERROR)


def folder(site: Site) -> Iterator[Diagnosis]:
    """Check `.kb` itself."""
    if site.root is None:
        return
    path = site.root / FOLDER_NAME
    if found := distrust(path):
        yield _error(found.why, found.cure)
    elif not path.is_dir():
        yield _error(f"there is no index in {path} yet", "kb reindex")
    elif not is_allowed(path, os.R_OK | os.X_OK):
        yield _error(f"{path} cannot be read by this user", f"sudo chmod -R a+rX '{path}'")
    elif not is_allowed(path, os.W_OK):
        yield _warning(f"{path} cannot be written by this user, who can search but not reindex", _as_owner(path))


def _as_owner(path: Path) -> str:
    try:
        return f"sudo -u {path.owner()} kb reindex"
    except (KeyError, OSError):  # the owner's id has no name, as in a container
        return "let its owner run kb reindex"


def kinds(site: Site) -> Iterator[Diagnosis]:
    """Look for folders where files should be, and vice versa."""
    if store := site.store:
        for path in store.misplaced():
            yield _error(f"{path} is {'a folder, not a file' if path.is_dir() else 'a file, not a folder'}", FIX)


def snapshots(site: Site) -> Iterator[Diagnosis]:
    """Verify every byte of every stored snapshot."""
    store = site.store
    if store is None or store.misplaced():
        return
    examined = examine_all(store)
    sound = newest_sound(examined)
    cure = FIX if sound else "kb reindex --full"
    live = None
    try:
        live = store.live_id()
        if live is None:
            yield _error(f"there is no index in {store.folder} yet", "kb reindex")
        elif live not in [found.id for found in examined]:
            yield _error(f"the live snapshot {live} is not there", cure)
    except DamagedIndex as error:
        yield _error(str(error), cure)
    for found in examined:
        yield _of_live(found, cure) if found.id == live else _of_earlier(found)


def _of_live(live: Examined, cure: str) -> Diagnosis:
    if live.snapshot is None and live.foreign:
        return _error(*parted(IndexUnusable(live.foreign), "kb reindex --full"))
    if live.snapshot is None or live.defect:
        return _error(f"the live snapshot is damaged: {live.defect}", cure)
    manifest = live.snapshot.manifest
    counts = f"{counted(manifest.lessons, 'lesson')}, {counted(manifest.passages, 'passage')}"
    return _ok(f"the live snapshot {live.id} is sound: {counts}, built {manifest.built}")


def _of_earlier(found: Examined) -> Diagnosis:
    if found.foreign:
        return _ok(f"the earlier snapshot {found.id} has another format; it is removed when newer ones replace it")
    if not found.is_sound:
        return _warning(f"the earlier snapshot {found.id} is damaged: {found.defect}", FIX)
    return _ok(f"the earlier snapshot {found.id} is sound")


def writer(site: Site) -> Iterator[Diagnosis]:
    """Check for a running writer, and for leftovers of earlier ones."""
    store = site.store
    if store is None:
        return
    holder = WriterLock(store.lock).holder()
    if holder and holder.is_running:
        yield _of_writer(holder)
        return
    if holder:
        yield _warning(f"the last writer, {holder}, did not finish", FIX)
    if left := store.leftovers():
        yield _warning(f"{counted(len(left), 'leftover')} of stopped runs in {store.folder}", FIX)
    if not holder and not left:
        yield _ok("no writer is running, and nothing is left over")


def _of_writer(holder: Writer) -> Diagnosis:
    if datetime.now(UTC) - datetime.fromisoformat(holder.since) < _LONG:
        return _ok(f"another writer is running: {holder}")
    cure = f"kill {holder.pid}" if holder.is_here else f"look at process {holder.pid} on {holder.host}"
    return _warning(f"a writer has been running for hours: {holder}", cure)


def changes(site: Site) -> Iterator[Diagnosis]:
    """Count the lessons that have changed since the index was built."""
    live = sound_live(site.store)
    if live is None or site.config is None:
        return
    corpus = corpus_of(site.config)
    with closing(Catalogue(live.folder / CATALOGUE)) as catalogue:
        known = catalogue.files()
    count = compare(corpus.find(), known, corpus.digest).count
    yield _ok(f"changed since: {counted(count, 'lesson')}")


def model(site: Site) -> Iterator[Diagnosis]:
    """Encode a passage with the model again, and compare the vectors."""
    live = sound_live(site.store)
    if live is None:
        return
    card = live.manifest.encoder
    if card is None:
        yield _warning("the index answers by words only: its passages are not encoded yet", "kb reindex")
    elif site.config and (missing := _missing_model(site, site.config.model)):
        yield _error(missing, f"edit {site.root}/kb.toml")
    elif site.config and card.model != site.config.model:
        yield _warning(f"the index was made with {card.model}, kb.toml says {site.config.model}", "kb reindex")
    elif card.fingerprint in site.encoders.exported():
        yield from _agreement(site, live)


def _missing_model(site: Site, name: str) -> str:
    """Return why the model does not exist, as far as known without loading it; empty if it may exist."""
    try:
        site.encoders.stamp(name)
    except ModelError as error:
        return str(error)
    return ""


def _agreement(site: Site, live: Snapshot) -> Iterator[Diagnosis]:
    from kb.doctor.agreement import has_changed

    try:
        changed = has_changed(site.encoders, live)
    except ModelError:
        return  # reported in the area of the installation
    if changed:
        yield _error("the exported model no longer encodes as it did when the index was made", FIX)
    else:
        yield _ok("the model encodes as it did when the index was made")


def modes(site: Site) -> Iterator[Diagnosis]:
    """Check whether every user who may write in `.kb` may write all files in it."""
    if site.store and (found := not_group_writable(site.store.folder)):
        yield _warning(f"{counted(len(found), 'file')} of {site.store.folder} cannot be written by its group", FIX)


CHECKS = (folder, kinds, snapshots, writer, changes, model, modes)
