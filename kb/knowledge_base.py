"""The program without a terminal: one knowledge base, its index and its answers."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.files.corpus import Corpus
from ingest.lesson import Lesson
from ingest.passages.passage import Origin
from ingest.problem import Unreadable
from kb.config import Config, corpus_of, read_config
from kb.errors import IndexUnusable, OlderFormat, UnknownLesson
from kb.index.snapshot import Snapshot
from kb.index.store import SnapshotStore
from kb.progress import Progress, Silent
from kb.retrieval.opening import Opening
from kb.system.user_cache import encoders_folder
from kb.wording import counted
from search.mode import Mode

if TYPE_CHECKING:
    from datetime import date

    from ingest.kinds import Kind
    from kb.check.mending import Mending
    from kb.check.request import CheckRequest
    from kb.check.run import Checked
    from kb.lessons.handles import Place
    from kb.life.life import Life
    from kb.reindex.job import Job
    from kb.reindex.reindex import Orders
    from kb.reindex.report import Report
    from kb.retrieval.answer import Answer
    from kb.retrieval.request import FilterOptions, Request
    from kb.retrieval.searcher import Searcher
    from kb.retrieval.similar import Subject
    from kb.retrieval.why_not import WhyNot
    from kb.system.last_hits import LastHit
    from kb.upkeep.changes_since import ChangesSince
    from kb.upkeep.garbage import Garbage
    from kb.upkeep.rollback import Kept
    from kb.upkeep.status import Status
    from search.semantic.encoders import Encoders

# Lessons of which words are indexed within about three seconds; what was encoded before is known.
SOON_REBUILT = 500


class KnowledgeBase:
    """A folder with `kb.toml`."""

    def __init__(self, root: Path, progress: Progress | None = None) -> None:
        self.config: Config = read_config(root)
        self._progress: Progress = progress or Silent()
        self._store = SnapshotStore(root)
        self._opening = Opening(self.config, self._store, lambda: self._encoders, self._progress.tell)

    def ask(self, request: Request) -> Answer:
        """Answer one request; where there is no index, build one first.

        Raises `QueryError`, `IndexUnusable`, and `ModelError` when the mode is semantic and no model can be had.
        """
        request.check()
        with closing(self.ready(request.mode)) as searcher:
            return searcher.ask(request)

    def ready(
        self,
        mode: Mode = Mode.HYBRID,
        *,
        refresh: bool = False,
        on_report: Callable[[Report], object] = lambda report: None,
    ) -> Searcher:
        """Open the index for queries of a mode, brought up to date if wanted; built if there is none that can be read.

        `on_report` is given the report of each run of the job that this needs.
        """
        words_only = mode is Mode.LEXICAL
        if refresh and (refreshed := self._job().refresh()):
            on_report(refreshed)
        try:
            if searcher := self.searcher(words_only=words_only):
                return searcher
            self._progress.tell("there is no index yet: building it first")
        except OlderFormat as error:
            if not self._is_quickly_rebuilt():
                raise
            self._progress.tell(f"{str(error).partition(';')[0]}: building it again first")
        built = self._job().first(with_meaning=mode is Mode.SEMANTIC)
        if built:
            on_report(built)
        if searcher := self.searcher(words_only=words_only):
            return searcher
        raise IndexUnusable(built.refusal if built else "there is no index; run `kb reindex`")

    def reindex(self, orders: Orders | None = None, *, wait: float = 0.0) -> Report:
        """Bring the index up to date and publish it, or say in the report why not.

        Raises `Locked` when another process still writes after `wait` seconds.
        """
        from kb.reindex.reindex import Orders

        return self._job().run(orders or Orders(), wait=wait)

    def amend(self, paths: Iterable[str]) -> str:
        """Take some lessons into the index, if there is one, whatever else has changed; returns why it was not done."""
        return self._job().amend(paths)

    def pending(self) -> int:
        """Return how many lessons a reindex would read or encode: all of them where it would begin from nothing.

        Raises `ModelError` and `IndexUnusable` as it would.
        """
        from kb.reindex.plan import Planner

        planner = Planner(self.config, self._store, self._encoders, self._corpus, self._progress)
        return planner.plan(full=False, words_only=False).lessons_to_encode

    def _is_quickly_rebuilt(self) -> bool:
        """Return whether an index of an older format is rebuilt while somebody waits: a small one, by who may write."""
        return self._store.lessons_before() <= SOON_REBUILT and os.access(self._store.folder, os.W_OK)

    def searcher(self, *, words_only: bool = False) -> Searcher | None:
        """Open the live snapshot for queries, the newest sound one if it is damaged; None when there is none yet.

        With `words_only` the model is opened when a query asks for meaning, and not before.
        """
        return self._opening.searcher(words_only=words_only)

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

    def why_not(self, searcher: Searcher, said: str, request: Request, last: Sequence[LastHit] | None = None) -> WhyNot:
        """Return why a lesson, called as `find` takes it, is not where somebody expects it in the answer to a request.

        Raises `UnknownLesson` with the reason why it is not indexed, and as `ask` does.
        """
        from kb.retrieval.why_not import staleness

        lesson = self._expected(said, last)
        found = searcher.why_not(lesson, request)
        return replace(found, stale=staleness(searcher.files(), self._corpus, lesson.path))

    def _expected(self, said: str, last: Sequence[LastHit] | None) -> Lesson:
        from kb.retrieval.why_not import why_not_indexed

        try:
            return self.find(said, last)[0]
        except UnknownLesson as error:
            with closing(self._opening.catalogue()) as catalogue:
                reason = why_not_indexed(catalogue.files(), self._corpus, said)
            if reason:
                raise UnknownLesson(reason) from error
            raise

    def check(self, request: CheckRequest, today: date, say: Callable[[str], None]) -> Checked:
        """Check lessons; `say` is told why the index could not be asked about them.

        Raises as `Checking` does.
        """
        from kb.check.asking import MOST_CHANGED, asking
        from kb.check.run import Checking

        checking = Checking(self.config, request, today)
        about = checking.changed if request.ask is None else request.ask
        ask = asking(self.config.root, lambda: self.current_searcher(MOST_CHANGED), checking.wanted, about, say)
        return checking.checked(ask)

    def mend(self, request: CheckRequest, today: date) -> Mending:
        """Mend in the files what has exactly one right answer; raises as `check` does."""
        from kb.check.mending import mend
        from kb.check.run import Checking

        return mend(Checking(self.config, request, today).checked)

    def life(self, today: date) -> Life:
        """Read all lessons, to lead some of them through their life."""
        from kb.life.life import Life

        return Life.of(self.config, today)

    def find(self, said: str, last: Sequence[LastHit] | None = None) -> tuple[Lesson, Place]:
        """Return the lesson that is meant by what a person calls it; `last` are the hits that may be numbers.

        Raises `UnknownLesson`, `AmbiguousId`.
        """
        from kb.lessons.handles import Handles, Name

        with closing(self._opening.catalogue()) as catalogue:
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
        with closing(self._opening.catalogue()) as catalogue:
            return catalogue.lessons()

    def lessons_meeting(self, filters: FilterOptions, line: str = "") -> tuple[list[Lesson], tuple[str, ...]]:
        """Return the lessons that meet filters and the conditions of a line, newest first, and why if there are none.

        Raises `QueryError`.
        """
        if not filters and not line.strip():
            return self.lessons(), ()
        from kb.retrieval.restriction import FactFilters
        from search.query.query import parse_conditions

        with closing(self._opening.catalogue()) as catalogue:
            facts = FactFilters.of(catalogue)
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
            with closing(self._opening.catalogue()) as catalogue:
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
        from kb.reindex.ledger import Ledger
        from kb.upkeep.freshness import last_failure
        from kb.upkeep.status import Answering, status_of

        runs = Ledger(self._store.ledger).runs()
        try:
            snapshot, damage = self._opening.sound_snapshot()
        except IndexUnusable as error:
            raise IndexUnusable(f"{error}{last_failure(runs)}") from error
        answering = Answering(snapshot, damage, self._encoded(snapshot))
        return status_of(self.config, self._store, self._corpus, answering, runs, max_age)

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
