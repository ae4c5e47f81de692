"""The program without a terminal: one knowledge base, its index and its answers."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.files.changes import compare
from ingest.files.corpus import Corpus, digest_of
from ingest.lesson import Lesson
from ingest.passages.passage import Origin
from ingest.problem import Unreadable
from kb.config import Config, corpus_of, read_config
from kb.errors import CannotWrite, IndexUnusable, KbError, Locked, OlderFormat, UnknownLesson, message_of
from kb.index.catalogue import Catalogue
from kb.index.snapshot import CATALOGUE, Snapshot
from kb.index.store import SnapshotStore, size_of
from kb.progress import Progress, Silent
from kb.retrieval.semantic import MissingLeg, SemanticLeg
from kb.system.user_cache import encoders_folder
from kb.wording import counted
from search.errors import DamagedIndex, ModelError, SearchError

if TYPE_CHECKING:
    from ingest.kinds import Kind
    from kb.lessons.handles import Place
    from kb.reindex.job import Job
    from kb.reindex.reindex import Orders
    from kb.reindex.report import Report
    from kb.retrieval.filter_options import FilterOptions
    from kb.retrieval.searcher import Searcher
    from kb.retrieval.similar import Subject
    from kb.retrieval.why_not import WhyNot
    from kb.system.last_hits import LastHit
    from kb.upkeep.changes_since import ChangesSince
    from kb.upkeep.garbage import Garbage
    from kb.upkeep.rollback import Kept
    from kb.upkeep.status import Status
    from search.mode import Mode
    from search.query.query import Query
    from search.semantic.encoders import Encoders

# A person who searches for the first time, while somebody else's first index is being built, waits for that.
_PATIENCE = 600.0
# Lessons of which words are indexed within about three seconds; what was encoded before is known.
SOON_REBUILT = 500
# Another lesson is being taken in, perhaps.
_BRIEFLY = 5.0


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
        from kb.reindex.reindex import Orders

        return self._job().run(orders or Orders(), wait=wait)

    def amend(self, paths: Iterable[str]) -> str:
        """Take some lessons into the index, if there is one, whatever else has changed; returns why it was not done."""
        from kb.reindex.reindex import Orders

        try:
            if self._store.live_id() is None:
                return ""
            return self.reindex(Orders(only=frozenset(paths)), wait=_BRIEFLY).refusal
        except Locked as error:
            return f"{_without_advice(error)}; run `kb reindex` when it is done"
        except (KbError, SearchError) as error:
            return message_of(error)

    def refresh(self) -> Report | None:
        """Bring the index up to date; where that fails and an index is there, say so and return None."""
        try:
            report = self.reindex()
        except (ModelError, Locked, CannotWrite) as error:
            if self._store.live() is None:
                return self.first_index()
            said = _without_advice(error) if isinstance(error, Locked) else str(error)
            self._progress.tell(f"{said}; answered from the index as it is")
            return None
        if report.refusal:
            self._progress.tell(report.refusal)
        return report

    def pending(self) -> int:
        """Return how many lessons a reindex would read or encode: all of them where it would begin from nothing.

        Raises `ModelError` and `IndexUnusable` as it would.
        """
        from kb.reindex.plan import Planner

        planner = Planner(self.config, self._store, self._encoders, self._corpus, self._progress)
        return planner.plan(full=False, words_only=False).lessons_to_encode

    def first_index(self, *, with_meaning: bool = False) -> Report | None:
        """Build the first index, by words only where encoding takes long or no model can be loaded.

        None when another process has built one meanwhile. Who asks for one `with_meaning` waits for it.
        """
        from kb.reindex.reindex import Orders

        def enough() -> bool:
            with suppress(OlderFormat):
                return not with_meaning and self._store.live() is not None
            return False

        try:
            return self._job().run(Orders(hurried=not with_meaning), wait=_PATIENCE, enough=enough)
        except Locked as error:
            if enough():
                return None
            raise Locked(f"{_without_advice(error)}; search again when it is done") from error

    def is_quickly_rebuilt(self) -> bool:
        """Return whether an index of an older format is rebuilt while somebody waits: a small one, by who may write."""
        return self._store.lessons_before() <= SOON_REBUILT and os.access(self._store.folder, os.W_OK)

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

    def current_searcher(self, most_changed: int) -> Searcher:
        """Open the index with all lessons as they are now, brought up to date for it; raises `IndexUnusable`.

        It is not brought up to date where more than `most_changed` lessons would have to be read or encoded.
        """
        searcher = self._searcher_that_is_there()
        if not self.changes_since(searcher).count():
            return searcher
        searcher.close()
        if (pending := self.pending()) > most_changed:
            raise IndexUnusable(f"it is behind by {counted(pending, 'lesson')}; run `kb reindex`")
        if refusal := self.reindex().refusal:
            raise IndexUnusable(refusal)
        return self._searcher_that_is_there()

    def _searcher_that_is_there(self) -> Searcher:
        if searcher := self.searcher():
            return searcher
        raise IndexUnusable("there is none yet; run `kb reindex`")

    def changes_since(self, searcher: Searcher) -> ChangesSince:
        """Return the count of the lessons that have changed since a searcher's snapshot was built."""
        from kb.upkeep.changes_since import ChangesSince

        return ChangesSince(self._corpus, searcher)

    def why_not(self, searcher: Searcher, lesson: Lesson, query: Query, *, mode: Mode, limit: int) -> WhyNot:
        """Return why a lesson of the index is not where somebody expects it among the `limit` that are shown."""
        from kb.retrieval.why_not import staleness

        found = searcher.why_not(lesson, query, mode=mode, limit=limit)
        return replace(found, stale=staleness(searcher.files(), self._corpus, lesson.path))

    def why_not_indexed(self, name: str) -> str:
        """Return why the index has no lesson of an id or path; empty when there is no such file either."""
        from kb.retrieval.why_not import why_not_indexed

        with closing(self._catalogue()) as catalogue:
            return why_not_indexed(catalogue.files(), self._corpus, name)

    def _open(self, snapshot: Snapshot, notes: tuple[str, ...], *, words_only: bool) -> Searcher:
        card = snapshot.manifest.encoder
        leg = SemanticLeg(snapshot, lambda: self._encoders.open_for(card)) if card else self._missing_leg(snapshot)
        if not words_only:
            leg.start()  # first of all, so that the model is opened while everything else is imported
        self._store.verified.verify(snapshot)
        from kb.retrieval.searcher import Searcher

        return Searcher(snapshot, leg, notes)

    def _missing_leg(self, snapshot: Snapshot) -> MissingLeg:
        def why() -> str:
            from kb.index.writer import WriterLock

            writer = WriterLock(self._store.lock).holder()
            still = "is being indexed now" if writer and writer.is_running else "is not indexed yet; run `kb reindex`"
            return f"the meaning of {counted(snapshot.manifest.passages, 'passage')} {still}"

        return MissingLeg(why)

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

    def find(self, said: str, last: Sequence[LastHit] | None = None) -> tuple[Lesson, Place]:
        """Return the lesson that is meant by what a person calls it; `last` are the hits that may be numbers.

        Raises `UnknownLesson`, `AmbiguousId`.
        """
        from kb.lessons.handles import Handles, Name

        with closing(self._catalogue()) as catalogue:
            handles = Handles(self.config.root, [Name(*name) for name in catalogue.names()], last)
            place = handles.meant(said)
            return catalogue.lesson(place.path), place

    def subject(self, said: str, last: Sequence[LastHit] | None = None) -> Subject:
        """Return what others can be compared with: a lesson that is called so, or any other Markdown file.

        Raises `UnknownLesson`, `AmbiguousId`.
        """
        from ingest.kinds import KindTable
        from kb.index.trust import refuse_link
        from kb.lessons.handles import is_file
        from kb.retrieval.similar import Subject, draft

        try:
            lesson, _ = self.find(said, last)
        except UnknownLesson:
            if not is_file(said):
                raise
            refuse_link(Path(said), self.config.root)
            return draft(Path(said), KindTable(self.config.sections))
        return Subject(lesson, self.text(lesson), indexed=True)

    def lessons(self) -> list[Lesson]:
        """Return all lessons, newest first."""
        with closing(self._catalogue()) as catalogue:
            return catalogue.lessons()

    def lessons_meeting(self, filters: FilterOptions, line: str = "") -> tuple[list[Lesson], tuple[str, ...]]:
        """Return the lessons that meet filters and the conditions of a line, newest first, and why if there are none.

        Raises `QueryError`.
        """
        if not filters and not line.strip():
            return self.lessons(), ()
        from kb.retrieval.restriction import Facts
        from search.query.query import parse_conditions

        with closing(self._catalogue()) as catalogue:
            facts = Facts.of(catalogue)
            typed = parse_conditions(line, facts.fields) if line.strip() else ()
            paths, notes = facts.paths((*typed, *filters.conditions(facts.condition)))
            return [lesson for lesson in catalogue.lessons() if lesson.path in paths], notes

    def text(self, lesson: Lesson, kind: Kind | None = None, line: int | None = None) -> str:
        """Return the body of a lesson's file as it is now, its sections of one kind, or the section at a line.

        What cannot be read any more is given as it was indexed.
        """
        from ingest.kinds import KindTable
        from ingest.reading import read_lesson
        from kb.lessons.excerpt import excerpt, excerpt_of_index

        try:
            data = self._corpus.read(lesson.path)
            reading = read_lesson(data, lesson.path, lesson.id, KindTable(self.config.sections))
        except Unreadable:
            with closing(self._catalogue()) as catalogue:
                passages = catalogue.passages(lesson.path)
            body = [passage for passage in passages if passage.origin is Origin.BODY]
            texts = excerpt_of_index(body, kind, line)
        else:
            texts = excerpt(reading, kind, line)
        if kind and not texts:
            raise UnknownLesson(f"{lesson.id} has no section of the kind {kind.value}")
        return "\n\n".join(text for text in texts if text)

    def status(self, max_age: timedelta | None = None) -> Status:
        """Return how the index stands, held against the age it may have; raises `IndexUnusable` when there is none."""
        from kb.index.calibration_file import read_calibration
        from kb.reindex.known_problems import known_problems
        from kb.reindex.ledger import Ledger
        from kb.upkeep.freshness import Evidence, last_failure
        from kb.upkeep.status import RUNS_SHOWN, Status

        runs = Ledger(self._store.ledger).runs()
        try:
            snapshot, damage = self._sound_snapshot()
        except IndexUnusable as error:
            raise IndexUnusable(f"{error}{last_failure(runs)}") from error
        manifest = snapshot.manifest
        with closing(Catalogue(snapshot.folder / CATALOGUE)) as catalogue:
            known = catalogue.files()
            changes = compare(self._corpus.find(), known, lambda path: digest_of(self._corpus.read(path)))
            problems = known_problems(catalogue, changes, runs).standing
        return Status(
            root=str(self.config.root),
            lessons=manifest.lessons,
            passages=manifest.passages,
            encoded=self._encoded(snapshot),
            calibration=read_calibration(snapshot.folder),
            model=manifest.encoder.model if manifest.encoder else None,
            configured_model=self.config.model,
            snapshot=manifest.id,
            built=manifest.built,
            commit=manifest.commit,
            changed_since=changes.count,
            unreadable=len({problem.path for problem in problems}),
            problems=problems,
            bytes=snapshot.size,
            bytes_in_all=size_of(self._store.folder),
            damage=damage,
            freshness=Evidence(runs, changes.count, damage, max_age, words_only=manifest.encoder is None).judge(),
            runs=tuple(reversed(runs[-RUNS_SHOWN:])),
        )

    def _encoded(self, snapshot: Snapshot) -> int:
        """Return how many passages are encoded: all, or by words only those that the next run need not encode."""
        if snapshot.manifest.encoder:
            return snapshot.manifest.passages
        from kb.reindex.encoding import count_encoded

        card = self._encoders.known_card(self.config.model)
        return count_encoded(snapshot, self._store.vector_cache, card.fingerprint) if card else 0

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

    def _job(self) -> Job:
        from kb.reindex.job import Job

        return Job(self.config, self._store, self._encoders, self._progress)

    @cached_property
    def _encoders(self) -> Encoders:
        from search.semantic.encoders import Encoders

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


def _without_advice(error: Locked) -> str:
    """Return what is so, for commands that cannot be told to wait."""
    return str(error).rpartition(";")[0]
