"""What a run has to do: compare the corpus with the index that is live."""

from __future__ import annotations

import hashlib
import json
import time
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.changes import Changes, KnownFile, compare
from ingest.corpus import Corpus, FoundFile, Listing, digest_of
from kb.config import FILE_NAME, Config
from kb.errors import ConfigError, IndexUnusable, OlderFormat
from kb.index.catalogue import Catalogue
from kb.index.manifest import Manifest
from kb.index.snapshot import CATALOGUE, Snapshot
from kb.index.store import SnapshotStore
from kb.progress import Progress
from search import analyzer
from search.errors import DamagedIndex

if TYPE_CHECKING:
    from search.encoder import Encoder
    from search.encoder_card import EncoderCard
    from search.encoders import Encoders

# Raise it when files are read or split in another way, so that all are read again.
_READING_FORMAT = 2
# A file changed so shortly before it was read may change again within the same tick of its clock.
_FRESH_NS = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done, on top of which snapshot."""

    live: Snapshot | None
    """Serves until the next is published; what cannot be read now is taken from it."""
    base: Snapshot | None
    """The live one if its files are still valid for this configuration, model and program."""
    encoder: Encoder | None
    card: EncoderCard | None
    known: dict[str, KnownFile]
    listing: Listing
    changes: Changes
    must_publish: bool
    """Whether the live snapshot cannot stay, whatever has changed."""

    @property
    def is_needed(self) -> bool:
        """Whether there is anything to publish."""
        if self.must_publish or self.base is None or self.card != self.base.manifest.encoder:
            return True
        return bool(self.changes.count) or any(
            lasting_mtime(file) != self.known[file.path].mtime_ns for file in self.changes.touched
        )


class Planner:
    """Looks at the index, the model and the corpus, and changes nothing."""

    def __init__(
        self, config: Config, store: SnapshotStore, encoders: Encoders, corpus: Corpus, progress: Progress
    ) -> None:
        self._config = config
        self._store = store
        self._encoders = encoders
        self._corpus = corpus
        self._progress = progress

    def plan(self, *, full: bool, words_only: bool) -> Plan:
        """Return what is to be done; raises `ConfigError`, `IndexUnusable` and `ModelError`."""
        self._progress.stage("looking for changes", 1)
        live, is_live = self._usable_snapshot(full=full)
        base = live if live and not full and self._is_current(live.manifest) else None
        encoder, card = None, None
        if not words_only:
            encoder, card = self._encoder_for(base)
            if base and (base.manifest.encoder is None or base.manifest.encoder.fingerprint != card.fingerprint):
                base = None
        elif base and base.manifest.encoder:
            base = None
        known = known_files(live)
        listing = self._corpus.find()
        if not known:
            self._require_folders()
        changes = compare(listing, known, self.digest)
        if base is None:
            changes = changes.with_all_reread(listing)
        return Plan(live, base, encoder, card, known, listing, changes, must_publish=not is_live)

    def digest(self, path: str) -> str:
        """Return a file's content hash; raises `Unreadable`."""
        return digest_of(self._corpus.read(path))

    def _usable_snapshot(self, *, full: bool) -> tuple[Snapshot | None, bool]:
        """Return the snapshot to build on, every byte of it as it was written, and whether it is the live one."""
        try:
            live = self._store.live()
            if live:
                self._store.verified.verify_again(live)
            return live, True
        except IndexUnusable as error:
            if not full and not isinstance(error, OlderFormat):
                raise
            self._progress.tell(f"{str(error).partition(';')[0]}: building a new one")
            return None, False
        except DamagedIndex as error:
            sound = self._store.newest_sound()
            instead = f"on top of {sound.manifest.id}" if sound else "from nothing"
            self._progress.tell(f"the index is damaged ({error}): building a new one {instead}")
            return sound, False

    def _is_current(self, manifest: Manifest) -> bool:
        return (manifest.reading, manifest.analyzer) == (reading_signature(self._config), analyzer.NAME)

    def _encoder_for(self, base: Snapshot | None) -> tuple[Encoder | None, EncoderCard]:
        """Return the model's card, and the encoder itself unless the card of the snapshot shows it is the same."""
        name = self._config.model
        card = base.manifest.encoder if base else None
        if card and (card.model, card.stamp) == (name, self._encoders.stamp(name)):
            return None, card
        encoder = self._encoders.open(name)
        return encoder, encoder.card

    def _require_folders(self) -> None:
        for folder in self._config.paths:
            if not (self._config.root / folder).is_dir():
                where = self._config.root / FILE_NAME
                raise ConfigError(f"{where}: corpus.paths: there is no folder {folder!r}; make it or name another")


def lasting_mtime(file: FoundFile) -> int:
    """Return a file's time of modification, 0 for one so fresh that a later edit could leave the same time."""
    return 0 if time.time_ns() - file.mtime_ns < _FRESH_NS else file.mtime_ns


def known_files(snapshot: Snapshot | None) -> dict[str, KnownFile]:
    """Return the files of a snapshot by path."""
    if snapshot is None:
        return {}
    with closing(Catalogue(snapshot.folder / CATALOGUE)) as catalogue:
        return catalogue.files()


def reading_signature(config: Config) -> str:
    """Return what must be equal for a file's sections and passages to be still right."""
    about = [_READING_FORMAT, sorted((kind, list(names)) for kind, names in config.sections.items()), config.paths]
    return hashlib.sha256(json.dumps(about).encode()).hexdigest()[:16]
