"""The program without its command line: one knowledge base, its index and its answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.files.corpus import Corpus
from ingest.lesson import Lesson
from kb.config import Config, corpus_of, read_config
from kb.errors import UnknownLesson, UnknownSection
from kb.index.store import SnapshotStore
from kb.live_index import LiveIndex
from kb.progress import Progress, Silent
from kb.retrieval.opening import KeptOpening, Opening
from kb.system.user_cache import encoders_folder
from kb.wording import have_changed
from search.query import Mode

if TYPE_CHECKING:
    from datetime import date, datetime, time

    from ingest.kinds import Kind, KindTable
    from kb.check.fixing import Fixes
    from kb.check.request import CheckRequest
    from kb.check.run import Checked
    from kb.codify.drafts import Drafts
    from kb.demand.demand import Demand
    from kb.digest.digests import Digests
    from kb.evaluation.evaluating import Plan
    from kb.evaluation.evaluation import Evaluation
    from kb.evaluation.files import Files
    from kb.hooks.hooks import Hooks
    from kb.lessons.handles import Place
    from kb.lessons.listing import Listing
    from kb.life.life import Life
    from kb.life.outcome import Outcome
    from kb.open_index import OpenIndex
    from kb.overview.overview import Overview
    from kb.reindex.reindex import Orders
    from kb.reindex.reporting.report import Report
    from kb.retrieval.answer import Answer, AsOf
    from kb.retrieval.listing import ListRequest
    from kb.retrieval.request import Request, SimilarRequest
    from kb.retrieval.similar import Analogies, Subject
    from kb.reuse.request import ReuseRequest
    from kb.schedule.schedule import Schedule
    from kb.showing.showing import Showing
    from kb.showing.shown import Shown
    from kb.site.folder import Written
    from kb.site.request import SiteRequest
    from kb.system.last_hits import LastHit
    from kb.upkeep.upkeep import Upkeep
    from kb.weekly.making import WeeklyMaker
    from kb.who.who import WhoAnswer
    from search.indexing import Encoders, SharedEncoders


class KnowledgeBase:
    """A knowledge base: a folder with `kb.toml`, its lessons and its index."""

    def __init__(
        self,
        root: Path,
        progress: Progress | None = None,
        as_of: AsOf | None = None,
        *,
        encoders: SharedEncoders | None = None,
    ) -> None:
        """`as_of`: the commit whose lessons these are, if not today's; with `encoders` the index stays till `close`."""
        self.config: Config = read_config(root)
        self._as_of = as_of
        self._progress: Progress = progress or Silent()
        self._store = SnapshotStore(root)
        self._shared_encoders = encoders
        self._opening = (KeptOpening if encoders else Opening)(
            self.config, self._store, lambda: self._encoders, self._progress.tell
        )
        self.index = LiveIndex(
            *(self.config, self._store, self._opening, lambda: self._encoders, self._corpus, self._progress)
        )

    def close(self) -> None:
        """Close the index that is kept open; requests that use it are still answered."""
        self._opening.close()

    def ask(self, request: Request) -> Answer:
        """Answer one request; if there is no index, build one first.

        Raises `QueryError`, `IndexUnusable`, and `ModelError` if the mode is semantic and no model can be loaded.
        """
        request.check()
        with self.open(request.mode) as index:
            return index.ask(request)

    def who(self, request: Request) -> WhoAnswer:
        """Return the people to ask about the problem of a request; raises as `ask` does."""
        request.check()
        with self.open(request.mode) as index:
            return index.who(request)

    def open(
        self,
        mode: Mode = Mode.HYBRID,
        *,
        refresh: bool = False,
        on_report: Callable[[Report], object] = lambda report: None,
    ) -> OpenIndex:
        """Open the index for requests of a mode; with `refresh` it is updated first, and if missing it is built.

        `on_report` is called with the report of each run of the job that this needs. Raises as `ask` does.
        """
        # Past lessons never change, but their index may have only words yet.
        if (refresh or (self._as_of and mode is Mode.SEMANTIC)) and (refreshed := self.index.refresh()):
            on_report(refreshed)
        searcher = self.index.ready(mode, on_report)
        from kb.open_index import OpenIndex  # imported while the model is being loaded

        return OpenIndex(searcher, self._corpus, self.find, self.index.changes_since(searcher), self._as_of)

    def as_of(self, when: str | None) -> KnowledgeBase:
        """Return the knowledge base with the lessons as they stood at a date or commit, indexed; itself for None.

        It has a folder of its own in the user's cache. Raises `NoRepository`, `CannotWrite`, `ModelError`.
        """
        if when is None:
            return self
        from kb.past.past import PastMaker

        root, as_of = PastMaker(self.config, self._store, self._encoders, self._progress).prepared(when)
        return KnowledgeBase(root, self._progress, as_of)

    def reindex(self, orders: Orders | None = None, *, wait: float = 0.0) -> Report:
        """Update and publish the index, or return in the report why not; raises `Locked` as `LiveIndex.reindex`."""
        return self.index.reindex(orders, wait=wait)

    def check(self, request: CheckRequest, today: date, notify: Callable[[str], None]) -> Checked:
        """Check lessons; `notify` is called with the reason if the index cannot be searched for them.

        Raises `UnknownCode`, `ConfigError`, `NoSuchFile` and `NoRepository`.
        """
        from kb.check.asking import MOST_CHANGED, Asking
        from kb.check.run import check

        asking = Asking(self.config.root, lambda: self.index.current_searcher(MOST_CHANGED), notify)
        return check(self.config, request, today, asking.ask)

    def fix(self, request: CheckRequest, today: date) -> Fixes:
        """Fix in the files the problems that have exactly one right solution; raises as `check` does."""
        from kb.check.fixing import fix
        from kb.check.run import check

        return fix(lambda: check(self.config, request, today))

    def evaluate(self, files: Files, plan: Plan) -> Evaluation:
        """Measure how well the index answers queries; tells the user if it is not up to date.

        Raises `EvaluationError` for invalid files, `NoSuchFile` for a link below the root, `IndexUnusable` without an
        index, `EmptyIndex`, `ModelError`, and `CannotWrite` or `NoResult` if the rankings cannot be saved.
        """
        from kb.evaluation.evaluating import evaluate

        if changed := self.upkeep.status().changed_since:
            self._progress.tell(f"{have_changed(changed)}; run `kb reindex` to measure what is there now")
        return evaluate(self, files, plan, self._progress)

    def life(self, today: date) -> Life:
        """Return all lessons, for commands that change their status."""
        from kb.life.life import Life

        return Life.of(self.config, today)

    def reuse(self, request: ReuseRequest, today: date, last: Sequence[LastHit] | None = None) -> Outcome:
        """Record that a lesson was used, which is named as for `find`.

        Raises as `find` does, and `WrongState`, `CannotWrite`, `CannotEdit` and `ChangedMeanwhile`.
        """
        from kb.life.reusing import record_use

        used, _ = self.find(request.lesson, last)
        outcome = record_use(self.config.root, used, self._opening.named(request.where), request, today)
        self.demand.mark_reused(used.id)
        self._opening.recorded_tallies()  # counted now, so that the next search need not
        return outcome

    def drafts(self, today: date) -> Drafts:
        """Return the object that starts new lessons, and checks one while it is being written."""
        from kb.codify.drafts import Drafts

        return Drafts(self.config, self.lessons, self.index.searcher, lambda used: self.demand.mark_reused(used), today)

    def find(
        self, named: str, last: Sequence[LastHit] | None = None, *, looks_at_files: bool = True
    ) -> tuple[Lesson, Place]:
        """Return the lesson that a user names; `last` are the hits that may be named by number.

        Without `looks_at_files` a name is never a path of this machine. Raises `UnknownLesson`, `AmbiguousId`.
        """
        return self._opening.find(named, last, looks_at_files=looks_at_files)

    def similar(self, request: SimilarRequest) -> Analogies:
        """Return the lessons most similar to a lesson, or to a draft that is not indexed.

        Raises `UnknownLesson`, `AmbiguousId`, `QueryError`, and `IndexUnusable` if there is no index yet.
        """
        from kb.retrieval.similar import analogies

        with closing(self.index.existing_searcher()) as searcher:
            subject, changed = self.subject(request), self.index.changes_since(searcher).count()
            limit = request.limit or self.config.limit
            return analogies(searcher, subject, request.filters, limit=limit, changed_since=changed)

    def subject(self, request: SimilarRequest) -> Subject:
        """Return the subject of a comparison: the lesson with that name, or any other Markdown file.

        Raises `UnknownLesson`, `AmbiguousId`.
        """
        from kb.lessons.handles import is_file
        from kb.retrieval.similar import Subject, draft
        from kb.trust.distrust import refuse_link

        try:
            lesson, _ = self.find(request.name, request.last)
        except UnknownLesson:
            if not is_file(request.name):
                raise
            refuse_link(Path(request.name), self.config.root)
            return draft(Path(request.name), self._kinds)
        return Subject(lesson, self.text(lesson), indexed=True)

    def lessons(self) -> list[Lesson]:
        """Return all lessons, newest first."""
        with closing(self._opening.catalogue()) as catalogue:
            return catalogue.lessons()

    def place(self, name: str, last: Sequence[LastHit] | None = None) -> tuple[str, Path, int | None]:
        """Return the id and the file of a lesson named as for `find`, and the line that was named or found.

        Raises as `find` does, and `NoSuchFile` if the file is gone or is a link.
        """
        from kb.codify.editor import file_of

        lesson, place = self.find(name, last)
        return lesson.id, file_of(self.config.root, lesson.path), place.line or place.found_at

    def listing(self, request: ListRequest) -> Listing:
        """Return the lessons that match a request; raises `QueryError`."""
        from kb.retrieval.listing import listing_of

        with closing(self._opening.catalogue()) as catalogue:
            return listing_of(catalogue, request)

    def digests(self, now: datetime) -> Digests:
        """Return the object that says what is new in the library, and sends it to its readers."""
        from kb.digest.digests import Digests

        return Digests(
            self.config, lambda: self.open(refresh=True), self._opening.catalogue, now, self.demand.shared_gaps
        )

    def show(self, name: str, last: Sequence[LastHit] | None = None, kind: Kind | None = None) -> Shown:
        """Return a lesson named as for `find`: whole, its sections of a kind, or the section at a line.

        Raises as `find` does, and `UnknownSection` or `UnknownLesson` if there is no such section.
        """
        lesson, place = self.find(name, last)
        if place.line and kind:
            raise UnknownSection("a line and --section both name a section; leave one out; see `kb show --help`")
        return self._showing.shown(lesson, kind, place.line)

    def text(self, lesson: Lesson) -> str:
        """Return the body of a lesson's current file; if it cannot be read, the text from the index."""
        return self._showing.text(lesson)

    def schedule(self, at: time, *, digest: bool = False) -> Schedule:
        """Return the schedule of the nightly job at a time of day, which may send the digests; raises `ConfigError`."""
        from kb.schedule.job import job_of
        from kb.schedule.schedule import Schedule

        return Schedule(job_of(self.config, at, digest=digest))

    @cached_property
    def overview(self) -> Overview:
        """All lessons at once: their topics, what they brought, which are alike, which grew old."""
        from kb.overview.overview import Overview

        return Overview(self.config.root, self._opening, self._store, self.demand, self._progress)

    def weekly(self, now: datetime) -> WeeklyMaker:
        """Return the object that makes the page of what the keeper of the library must know and do."""
        from kb.weekly.making import WeeklyMaker

        return WeeklyMaker(self.config.root.resolve().name, self.overview, self.digests(now), self.demand)

    def publish(self, request: SiteRequest, now: datetime) -> Written:
        """Write the library as pages for any web server, from the index, which is brought up to date.

        Raises `NoResult` for a folder that must not be written to, `CannotWrite`, and `IndexUnusable`.
        """
        from kb.site.publishing import Publishing

        publishing = Publishing(self.config, self._corpus, self._kinds, self.overview, self.digests(now))
        return publishing.publish(lambda: self.open(Mode.LEXICAL, refresh=True), request, now.date())

    @cached_property
    def upkeep(self) -> Upkeep:
        """The state of the index, its snapshots, and what can be removed."""
        from kb.upkeep.upkeep import Upkeep

        return Upkeep(self.config, self._store, self._corpus, self._opening, lambda: self._encoders, self._progress)

    @cached_property
    def demand(self) -> Demand:
        """What this user asked, and what the library lacks."""
        from kb.demand.demand import Demand

        return Demand(self.config, self.index.existing_searcher)

    @cached_property
    def hooks(self) -> Hooks:
        """The lessons where a problem is met: in issues, changes, commit messages and alerts."""
        from kb.hooks.hooks import Hooks

        return Hooks(self.config, lambda: self.index.existing_searcher("there is no index yet; run `kb reindex`"))

    @cached_property
    def _encoders(self) -> Encoders:
        from search.indexing import Encoders

        return self._shared_encoders or Encoders(encoders_folder(), self.config.root, self._progress.tell)

    @cached_property
    def _showing(self) -> Showing:
        from kb.showing.showing import Showing

        return Showing(self._corpus, self._kinds, self._opening)

    @cached_property
    def _kinds(self) -> KindTable:
        from ingest.kinds import KindTable

        return KindTable(self.config.sections)

    @cached_property
    def _corpus(self) -> Corpus:
        return corpus_of(self.config)
