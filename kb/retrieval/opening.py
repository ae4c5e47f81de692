"""Opens a snapshot for queries: the live one, or the newest sound one if the live one is damaged."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

from kb.catalogue.catalogue import Catalogue
from kb.config import Config
from kb.errors import IndexUnusable
from kb.index.authors_file import AuthorsFile
from kb.index.snapshot import CATALOGUE, Snapshot
from kb.index.store import SnapshotStore
from kb.index.uses_file import UsesFile
from kb.people.known import KnownPeople
from kb.people.people_file import PeopleFile
from kb.people.withholding import Discretion
from kb.reuse.ledger import Ledger
from kb.wording import counted
from search.errors import DamagedIndex
from search.indexing import MissingSource, SemanticSource, ThreadedSource

if TYPE_CHECKING:
    from ingest.lesson import Lesson
    from kb.lessons.handles import Handles, Name, Place
    from kb.retrieval.searcher import Searcher
    from kb.system.last_hits import LastHit
    from search.indexing import Encoder, Encoders, VectorIndex


class Contents(NamedTuple):
    """What a snapshot has without a model: no query can be asked."""

    catalogue: Catalogue
    folder: Path | None
    """The folder with the vectors; None if there are none."""
    dimension: int
    """Of the vectors."""


class Opening:
    """Opens the index of one knowledge base."""

    def __init__(
        self, config: Config, store: SnapshotStore, encoders: Callable[[], Encoders], tell: Callable[[str], None]
    ) -> None:
        self._config = config
        self._store = store
        self._encoders = encoders
        self._tell = tell
        self._damage_reported = ""
        self.directory = PeopleFile(config.root).now
        """Returns what `people.md` says now."""
        ledger = Ledger(config.root)
        self.recorded = ledger.now
        """Returns the uses of lessons that the ledger records now."""
        self.recorded_tallies = UsesFile(lambda: store.uses, ledger, self.directory).now
        """Returns what these come to, by lesson."""
        self.authors = AuthorsFile(lambda: store.authors).now
        """Returns who wrote the lessons, as far as it is known now."""

    def searcher(self, *, words_only: bool = False) -> Searcher | None:
        """Return a searcher for the snapshot that answers; None if there is no index yet.

        With `words_only`, the model is not opened until a query needs the index by meaning.
        """
        try:
            snapshot = self._store.live()
            if snapshot is None:
                return None
            return self._open(snapshot, self._notes(snapshot), words_only=words_only)
        except DamagedIndex as damage:
            snapshot, self._damage_reported = self._instead_of(damage)
            return self._open(snapshot, (self._damage_reported, *self._notes(snapshot)), words_only=words_only)

    def close(self) -> None:
        """Do nothing: whoever opened a searcher closes it."""

    def catalogue(self) -> Catalogue:
        """Open the catalogue of the snapshot that answers; raises `IndexUnusable` if there is none."""
        return self._catalogue_of(self.snapshot(CATALOGUE))

    def find(
        self, named: str, last: Sequence[LastHit] | None = None, *, looks_at_files: bool = True
    ) -> tuple[Lesson, Place]:
        """Return the lesson that a user names, as `KnowledgeBase.find`."""
        with closing(self.catalogue()) as catalogue:
            place = self._handles(catalogue, last, looks_at_files=looks_at_files).meant(named)
            return catalogue.lesson(place.path), place

    def named(self, text: str, *, looks_at_files: bool = True) -> Lesson | None:
        """Return the lesson with an id or path; None for a text that names none; raises as `find` does."""
        with closing(self.catalogue()) as catalogue:
            place = self._handles(catalogue, looks_at_files=looks_at_files).named(text)
            return catalogue.lesson(place.path) if place else None

    def names(self) -> list[Name]:
        """Return the names of all lessons, by path; raises as `catalogue`."""
        from kb.lessons.handles import Name

        with closing(self.catalogue()) as catalogue:
            return [Name(*name) for name in catalogue.names()]

    def _handles(
        self, catalogue: Catalogue, last: Sequence[LastHit] | None = None, *, looks_at_files: bool = True
    ) -> Handles:
        from kb.lessons.handles import Handles, Name  # a search names no lesson

        return Handles(self._config.root, [Name(*name) for name in catalogue.names()], last, looks_at_files)

    def snapshot(self, part: str = "") -> Snapshot:
        """Return the snapshot that answers, of which all files or those of one part are verified; raises as above."""
        try:
            snapshot = self._live()
            self._store.verified.verify(snapshot, part)
        except DamagedIndex as damage:
            snapshot, note = self._instead_of(damage)
            if note != self._damage_reported:  # tell the user only once
                self._tell(note)
            self._damage_reported = note
        return snapshot

    @contextmanager
    def contents(self) -> Iterator[Contents]:
        """Yield the catalogue and the vectors of the snapshot that answers, which is kept as long."""
        snapshot = self.snapshot()
        card = snapshot.manifest.encoder
        with closing(self._catalogue_of(snapshot)) as catalogue:
            yield Contents(catalogue, snapshot.folder if card else None, card.dimension if card else 0)

    def _catalogue_of(self, snapshot: Snapshot) -> Catalogue:
        return Catalogue(snapshot.folder / CATALOGUE, Discretion(self.directory))

    def sound_snapshot(self) -> tuple[Snapshot, str]:
        """Return the live snapshot if all its digests match, else the newest sound one, with a note why.

        Raises `IndexUnusable` if there is no index, `DamagedIndex` if no snapshot is sound.
        """
        try:
            snapshot = self._live()
            self._store.verified.verify_again(snapshot)
            return snapshot, ""
        except DamagedIndex as damage:
            return self._instead_of(damage)

    def _live(self) -> Snapshot:
        snapshot = self._store.live()
        if snapshot is None:
            raise IndexUnusable(f"there is no index in {self._store.folder} yet; run `kb reindex`")
        return snapshot

    def _open(self, snapshot: Snapshot, notes: tuple[str, ...], *, words_only: bool) -> Searcher:
        source = self._source(snapshot)
        if not words_only:
            source.start()  # first, so that the model is loaded while other modules are imported
        self._store.verified.verify(snapshot)
        from kb.retrieval.searcher import Searcher

        return Searcher(snapshot, source, KnownPeople(self.directory, self.authors), notes, self.recorded_tallies)

    def _source(self, snapshot: Snapshot) -> SemanticSource:
        card = snapshot.manifest.encoder
        if card is None:
            return self._missing_source(snapshot)

        def read() -> tuple[Encoder, VectorIndex]:
            encoder = self._encoders().open_for(card)
            from search.indexing import open_vectors

            return encoder, open_vectors(snapshot.folder, encoder.card.dimension)

        return ThreadedSource(read)

    def _missing_source(self, snapshot: Snapshot) -> MissingSource:
        def why() -> str:
            from kb.index.writer import WriterLock

            writer = WriterLock(self._store.lock).holder()
            still = "is being indexed now" if writer and writer.is_running else "is not indexed yet; run `kb reindex`"
            return f"the meaning of {counted(snapshot.manifest.passages, 'passage')} {still}"

        return MissingSource(why)

    def _instead_of(self, damage: DamagedIndex) -> tuple[Snapshot, str]:
        """Return the newest sound snapshot with a note for the user; raises `damage` if there is none."""
        snapshot = self._store.newest_sound()
        if snapshot is None:
            raise damage
        built = snapshot.manifest.built
        return snapshot, f"the index is damaged ({damage}): answered from the one built {built}; run `kb reindex`"

    def _notes(self, snapshot: Snapshot) -> tuple[str, ...]:
        """Return notes about an index: whether it was made with another model than the configured one."""
        card = snapshot.manifest.encoder
        if card and card.model != self._config.model:
            return (
                f"the index was made with the model {card.model}, kb.toml says {self._config.model}; run `kb reindex`",
            )
        return ()


class KeptOpening(Opening):
    """An `Opening` of a process that answers many requests: it keeps the first searcher, and lends it to each."""

    def __init__(self, *opening: Any) -> None:
        super().__init__(*opening)
        self._kept: Searcher | None = None
        self._opening = Lock()

    def searcher(self, *, words_only: bool = False) -> Searcher | None:
        """Return the searcher that is kept, opened now if there is none; the model is always opened with it."""
        with self._opening:
            if self._kept is None:
                self._kept = super().searcher()
            return self._kept and self._kept.borrow()

    def snapshot(self, part: str = "") -> Snapshot:
        """Return the snapshot of the searcher that is kept: a request sees one state, whatever is published."""
        kept = self._kept
        return kept.snapshot if kept else super().snapshot(part)

    def close(self) -> None:
        """Keep the searcher no longer; requests that have borrowed it are still answered."""
        with self._opening:
            if self._kept:
                self._kept.close()
            self._kept = None
