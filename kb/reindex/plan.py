"""Plans a run, by comparing the corpus with the live index."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ingest.files.changes import Changes, KnownFile, compare
from ingest.files.corpus import Corpus, Listing
from ingest.window import Window
from kb.catalogue.catalogue import Catalogue
from kb.config import FILE_NAME, Config
from kb.errors import ConfigError, IndexUnusable, OlderFormat
from kb.index.manifest import Manifest
from kb.index.signature import signature_of
from kb.index.snapshot import CATALOGUE, Snapshot
from kb.index.store import SnapshotStore
from kb.people.directory import Directory
from kb.people.people_file import read_directory
from kb.progress import Progress
from kb.reading.stamp import lasting_mtime
from search.errors import DamagedIndex
from search.indexing import window_for_words

if TYPE_CHECKING:
    from search.indexing import Encoder, EncoderCard, Encoders

# Bytes of index per byte of lessons, measured with twelve short lessons; with long ones it is less.
_INDEX_TO_LESSONS = 12


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run has to do, and the snapshot that it starts from."""

    live: Snapshot | None
    """The live snapshot; lessons that cannot be read now are copied from it."""
    base: Snapshot | None
    """The live snapshot if its passages are still valid for this configuration, model and program; else None."""
    encoder: Encoder | None
    card: EncoderCard | None
    """None if passages are not encoded, because only the index by words is built, or is built first."""
    window: Window | None
    """The window that passages must fit if they are not encoded; else None, as the encoder has one."""
    known: dict[str, KnownFile]
    listing: Listing
    changes: Changes
    people: Directory
    """What `people.md` says."""
    must_publish: bool
    """Whether a new snapshot is needed even if nothing has changed."""
    is_partial: bool = False
    """Whether only some lessons are indexed, and changes of others are left to another run."""

    @property
    def is_needed(self) -> bool:
        """Whether there is anything to publish."""
        if self.must_publish or self.base is None or self.card != self.base.manifest.encoder:
            return True
        return bool(self.changes.count) or any(
            lasting_mtime(file) != self.known[file.path].mtime_ns for file in self.changes.touched
        )

    @property
    def lessons_to_encode(self) -> int:
        """Number of lessons with passages that are new or have no vector of this model yet."""
        own = self.base.manifest.encoder if self.base else None
        has_vectors = own and self.card and own.fingerprint == self.card.fingerprint
        return self.changes.count if has_vectors else len(self.listing.files)

    @property
    def expected_bytes(self) -> int:
        """Approximate size of the next snapshot, by the ratio of index to lessons in the live one."""
        before = sum(file.size for file in self.known.values())
        ratio = self.live.size / before if self.live and before else _INDEX_TO_LESSONS
        return round(ratio * sum(file.size for file in self.listing.files))

    def with_meaning(self, words: Snapshot, encoder: Encoder) -> Plan:
        """Return the plan for encoding, after the snapshot `words` (index by words) was published.

        All lessons are read again if they were split for another window than the encoder's.
        """
        plan = replace(self, live=words, encoder=encoder, card=encoder.card, window=None)
        if words.manifest.window != encoder.window.name:
            return plan
        return replace(plan, base=words, changes=self.changes.carried_out())


class Planner:
    """Makes plans from the index, the model and the corpus; changes nothing."""

    def __init__(
        self, config: Config, store: SnapshotStore, encoders: Encoders, corpus: Corpus, progress: Progress
    ) -> None:
        self._config = config
        self._store = store
        self._encoders = encoders
        self._corpus = corpus
        self._progress = progress
        self._people = read_directory(config.root)

    def plan(self, *, full: bool, words_only: bool) -> Plan:
        """Return the plan of a run; raises `ConfigError`, `IndexUnusable` and `ModelError`.

        If there is no live index yet, only words are planned first, and the model is not loaded.
        """
        self._progress.stage("looking for changes", 1)
        live, is_live = self._usable_snapshot(full=full)
        base = live if live and not full and self._is_current(live.manifest) else None
        encoder, card, window = None, None, None
        if live and not words_only:
            encoder, card = self._encoder_for(base)
            base = base if base and _is_split_for(base.manifest, card, encoder) else None
        else:
            window = window_for_words(self._encoders, self._config.model)
            base = base if base and base.manifest.window == window.name else None
        known = known_files(live)
        listing = self._corpus.find()
        if not known:
            self._require_folders()
        changes = compare(listing, known, self._corpus.digest)
        if base is None:
            changes = changes.with_all_reread(listing)
        return Plan(live, base, encoder, card, window, known, listing, changes, self._people, must_publish=not is_live)

    def plan_for(self, paths: Collection[str]) -> Plan:
        """Return the plan to index only the lessons at `paths`; no model is loaded here.

        Raises `IndexUnusable` if the whole index has to be rebuilt.
        """
        live, is_live = self._usable_snapshot(full=False)
        if live is None or not is_live or not self._is_current(live.manifest) or not self._can_stay(live.manifest):
            raise IndexUnusable("the index has to be rebuilt; run `kb reindex`")
        card = live.manifest.encoder
        window = None if card else window_for_words(self._encoders, self._config.model)
        known = known_files(live)
        listing = self._corpus.find()
        changes = compare(listing, known, self._corpus.digest).only(paths)
        return Plan(
            *(live, live, None, card, window, known, listing, changes, self._people),
            must_publish=False,
            is_partial=True,
        )

    def _usable_snapshot(self, *, full: bool) -> tuple[Snapshot | None, bool]:
        """Return the snapshot to build on, with its digests verified, and whether it is the live one."""
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
        return manifest.signature == signature_of(self._config, self._people)

    def _can_stay(self, manifest: Manifest) -> bool:
        """Return whether an index was made with the configured model, or, without vectors, split for its window."""
        card, name = manifest.encoder, self._config.model
        if card is None:
            return manifest.window == window_for_words(self._encoders, name).name
        return (card.model, card.stamp) == (name, self._encoders.stamp(name))

    def _encoder_for(self, base: Snapshot | None) -> tuple[Encoder | None, EncoderCard]:
        """Return the model's card, and the encoder, or None if the card of the snapshot shows the same model."""
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


def _is_split_for(manifest: Manifest, card: EncoderCard, encoder: Encoder | None) -> bool:
    """Return whether the passages of a snapshot fit the window of an encoder; None means its own encoder."""
    own = manifest.encoder
    return encoder is None or (own and own.fingerprint == card.fingerprint) or manifest.window == encoder.window.name


def known_files(snapshot: Snapshot | None) -> dict[str, KnownFile]:
    """Return the files of a snapshot by path."""
    if snapshot is None:
        return {}
    with closing(Catalogue(snapshot.folder / CATALOGUE)) as catalogue:
        return catalogue.files()
