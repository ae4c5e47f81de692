"""The program without a terminal: one knowledge base, its index and its answers."""

from __future__ import annotations

import difflib
from contextlib import closing
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.changes import compare
from ingest.corpus import Corpus, digest_of
from ingest.lesson import Lesson
from ingest.passage import Origin
from ingest.problem import Unreadable
from kb.config import Config, corpus_of, read_config
from kb.errors import CannotWrite, IndexUnusable, Locked, UnknownLesson
from kb.index.catalogue import Catalogue
from kb.index.snapshot import CATALOGUE, Snapshot
from kb.index.store import SnapshotStore, size_of
from kb.progress import Progress, Silent
from kb.semantic import SemanticLeg
from kb.user_cache import encoders_folder
from search.errors import DamagedIndex, ModelError

if TYPE_CHECKING:
    from ingest.kinds import Kind
    from kb.changes_since import ChangesSince
    from kb.job.reindex import Orders
    from kb.job.report import Report
    from kb.searcher import Searcher
    from kb.status import Status
    from kb.upkeep.garbage import Garbage
    from kb.upkeep.rollback import Kept
    from search.encoders import Encoders

# A person who searches for the first time, while somebody else's first index is being built, waits for that.
_PATIENCE = 600.0


class KnowledgeBase:
    """A folder with `kb.toml`."""

    def __init__(self, root: Path, progress: Progress | None = None) -> None:
        self.config: Config = read_config(root)
        self._progress: Progress = progress or Silent()
        self._store = SnapshotStore(root)
        self._damage_said = ""

    def reindex(self, orders: Orders | None = None, *, wait: float = 0.0) -> Report:
        """Bring the index up to date and publish it, or say in the report why not.

        Raises `Locked` when another process still writes after `wait` seconds.
        """
        from kb.job.reindex import Orders
        from kb.job.run import Job

        return Job(self.config, self._store, self._encoders, self._progress).run(orders or Orders(), wait=wait)

    def refresh(self) -> Report | None:
        """Bring the index up to date; None, and said, when that cannot be done and there is an index."""
        try:
            report = self.reindex()
        except (ModelError, Locked, CannotWrite) as error:
            if self._store.live() is None:
                return self.first_index()
            self._progress.tell(f"{error}; answered from the index as it is")
            return None
        if report.refusal:
            self._progress.tell(report.refusal)
        return report

    def pending(self) -> int:
        """Return how many lessons a reindex would look at: all of them where it would begin from nothing.

        Raises `ModelError` and `IndexUnusable` as it would.
        """
        from kb.job.plan import Planner

        planner = Planner(self.config, self._store, self._encoders, self._corpus, self._progress)
        plan = planner.plan(full=False, words_only=False)
        return plan.changes.count

    def first_index(self) -> Report:
        """Build the first index; by words only when no model can be loaded, so that there is an answer."""
        from kb.job.reindex import Orders

        try:
            return self.reindex(wait=_PATIENCE)
        except ModelError as error:
            self._progress.tell(f"{error}; indexing words only")
            return self.reindex(Orders(words_only=True), wait=_PATIENCE)

    def searcher(self, *, words_only: bool = False) -> Searcher | None:
        """Open the live snapshot for queries, the newest sound one if it is damaged; None when there is none yet.

        With `words_only` the model is opened when a query asks for meaning, and not before.
        """
        try:
            snapshot = self._store.live()
            if snapshot is None:
                return None
            return self._open(snapshot, self._index_notes(snapshot), words_only=words_only)
        except DamagedIndex as damage:
            snapshot, self._damage_said = self._instead_of(damage)
            notes = (self._damage_said, *self._index_notes(snapshot))
            return self._open(snapshot, notes, words_only=words_only)

    def changes_since(self, searcher: Searcher) -> ChangesSince:
        """Return the count of the lessons that have changed since a searcher's snapshot was built."""
        from kb.changes_since import ChangesSince

        return ChangesSince(self._corpus, searcher.files)

    def _open(self, snapshot: Snapshot, notes: tuple[str, ...], *, words_only: bool) -> Searcher:
        card = snapshot.manifest.encoder
        leg = SemanticLeg(snapshot, lambda: self._encoders.open_for(card)) if card else None
        if leg and not words_only:
            leg.start()  # first of all, so that the model is opened while everything else is imported
        self._store.verified.verify(snapshot)
        from kb.searcher import Searcher

        return Searcher(snapshot, leg, notes)

    def _instead_of(self, damage: DamagedIndex) -> tuple[Snapshot, str]:
        """Return the newest sound snapshot, and what is to be said of it; raises the damage when there is none."""
        snapshot = self._store.newest_sound()
        if snapshot is None:
            raise damage
        built = snapshot.manifest.built
        return snapshot, f"the index is damaged ({damage}): answered from the one built {built}; run `kb reindex`"

    def _index_notes(self, snapshot: Snapshot) -> tuple[str, ...]:
        """Say what is odd about an index: another model than the configured one."""
        card = snapshot.manifest.encoder
        if card and card.model != self.config.model:
            return (
                f"the index was made with the model {card.model}, kb.toml says {self.config.model}; run `kb reindex`",
            )
        return ()

    def lesson(self, id_: str) -> Lesson:
        """Return a lesson by its id or path; raises `UnknownLesson` naming the nearest ids."""
        with closing(self._catalogue()) as catalogue:
            if lesson := catalogue.lesson_with_id(id_):
                return lesson
            close = difflib.get_close_matches(id_, catalogue.ids(), 3, 0.4)
        nearest = f"; nearest: {', '.join(close)}" if close else "; `kb list` shows all"
        raise UnknownLesson(f"no lesson with the id {id_!r}{nearest}")

    def lessons(self) -> list[Lesson]:
        """Return all lessons, newest first."""
        with closing(self._catalogue()) as catalogue:
            return catalogue.lessons()

    def text(self, lesson: Lesson, kind: Kind | None = None) -> str:
        """Return the body of a lesson's file as it is now, or its sections of one kind.

        What cannot be read any more is given as it was indexed.
        """
        from ingest.kinds import KindTable
        from ingest.reading import read_lesson

        try:
            data = self._corpus.read(lesson.path)
            reading = read_lesson(data, lesson.path, lesson.id, KindTable(self.config.sections))
        except Unreadable:
            with closing(self._catalogue()) as catalogue:
                passages = catalogue.passages(lesson.path)
            body = [passage for passage in passages if passage.origin is Origin.BODY]
            texts = [passage.text for passage in body if kind in (None, passage.kind)]
        else:
            rows = reading.text.split("\n")
            sections = [section for section in reading.sections if kind in (None, section.kind)]
            texts = ["\n".join(rows[slice(*section.lines)]).strip("\n") for section in sections]
        if kind and not texts:
            raise UnknownLesson(f"{lesson.id} has no section of the kind {kind.value}")
        return "\n\n".join(text for text in texts if text)

    def status(self, max_age: timedelta | None = None) -> Status:
        """Return how the index stands, held against the age it may have; raises `IndexUnusable` when there is none."""
        from kb.freshness import Evidence, last_failure
        from kb.job.ledger import Ledger
        from kb.status import RUNS_SHOWN, Status

        runs = Ledger(self._store.ledger).runs()
        try:
            snapshot, damage = self._sound_snapshot()
        except IndexUnusable as error:
            raise IndexUnusable(f"{error}{last_failure(runs)}") from error
        manifest = snapshot.manifest
        with closing(Catalogue(snapshot.folder / CATALOGUE)) as catalogue:
            known = catalogue.files()
        changes = compare(self._corpus.find(), known, lambda path: digest_of(self._corpus.read(path)))
        problems = {problem.path for problem in changes.unreadable} | {
            file.path for file in known.values() if file.problem
        }
        return Status(
            root=str(self.config.root),
            lessons=manifest.lessons,
            passages=manifest.passages,
            model=manifest.encoder.model if manifest.encoder else None,
            configured_model=self.config.model,
            snapshot=manifest.id,
            built=manifest.built,
            commit=manifest.commit,
            changed_since=changes.count,
            unreadable=len(problems),
            bytes=snapshot.size,
            bytes_in_all=size_of(self._store.folder),
            damage=damage,
            freshness=Evidence(runs, changes.count, damage, max_age).judge(),
            runs=tuple(reversed(runs[-RUNS_SHOWN:])),
        )

    def snapshots(self) -> list[Kept]:
        """Return the snapshots that are kept, the newest first."""
        from kb.upkeep.rollback import kept_snapshots

        return kept_snapshots(self._store)

    def roll_back(self, id_: str | None = None, *, wait: float = 0.0) -> Snapshot:
        """Make an earlier snapshot live, the one before the live one if none is named; returns it.

        Raises `UnknownSnapshot`, `UnsoundSnapshot`, and `Locked` as `reindex` does.
        """
        from kb.upkeep.rollback import roll_back

        return roll_back(self._store, id_, self._progress, wait)

    def collect_garbage(self, *, remove: bool = True, wait: float = 0.0) -> Garbage:
        """Remove from `.kb` what nothing names any more, or only look for it."""
        from kb.upkeep.garbage import collect

        return collect(self._store, self._progress, remove=remove, wait=wait)

    @cached_property
    def _encoders(self) -> Encoders:
        from search.encoders import Encoders

        return Encoders(encoders_folder(), self.config.root, self._progress.tell)

    @cached_property
    def _corpus(self) -> Corpus:
        return corpus_of(self.config)

    def _snapshot(self) -> Snapshot:
        snapshot = self._store.live()
        if snapshot is None:
            raise IndexUnusable(f"there is no index in {self._store.folder} yet; run `kb reindex`")
        return snapshot

    def _sound_snapshot(self) -> tuple[Snapshot, str]:
        """Return the live snapshot, every byte as it was written, or else the one that answers, and why."""
        try:
            snapshot = self._snapshot()
            self._store.verified.verify_again(snapshot)
            return snapshot, ""
        except DamagedIndex as damage:
            return self._instead_of(damage)

    def _catalogue(self) -> Catalogue:
        try:
            snapshot = self._snapshot()
            self._store.verified.verify(snapshot, CATALOGUE)
        except DamagedIndex as damage:
            snapshot, note = self._instead_of(damage)
            if note != self._damage_said:  # once is enough for a person
                self._progress.tell(note)
            self._damage_said = note
        return Catalogue(snapshot.folder / CATALOGUE)
