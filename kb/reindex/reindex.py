"""One update of the index: plan, build in a separate folder, test, publish."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.files.tree import remove_tree
from ingest.kinds import KindTable
from ingest.problem import Problem
from kb.catalogue.catalogue import Catalogue
from kb.config import Config, corpus_of
from kb.index.manifest import FORMAT, Manifest, describe_files
from kb.index.signature import signature_of
from kb.index.snapshot import CALIBRATION, CATALOGUE, KNOWN_ITEMS, Snapshot
from kb.index.store import SnapshotStore
from kb.people.withholding import permitted
from kb.reading.stamp import stamped
from kb.reindex.done import Built, Done
from kb.reindex.plan import Plan, Planner
from kb.reindex.removals import refusal_of_removals
from kb.reindex.reporting.report import Report
from kb.reindex.stopwatch import Stopwatch
from kb.system.git import commit_of
from kb.wording import counted
from search.errors import DamagedIndex, ModelError

if TYPE_CHECKING:
    from ingest.window import Window
    from kb.acceptance.gate import Verdict
    from kb.reindex.building import SnapshotBuilder
    from search.indexing import Encoder, Encoders, VectorCache

_SOON_ENCODED = 256
"""Number of passages that are encoded in a few seconds, so that even a waiting user can wait for them."""


@dataclass(frozen=True, slots=True)
class Orders:
    """The options of a run."""

    full: bool = False
    """Read, split and index every lesson again; known vectors are reused."""
    words_only: bool = False
    """Build only the index by words, without a model."""
    allow_removals: bool = False
    """Accept any number of removed lessons."""
    gate: bool = True
    """Publish only if the acceptance test passes."""
    only: frozenset[str] | None = None
    """Index only the lessons at these paths, if the index need not be rebuilt; None means all lessons."""
    hurried: bool = False
    """A user is waiting: if encoding takes long, publish the index by words, and leave encoding to a later run."""


class Reindex:
    """One update of the index; the caller must hold the writer lock."""

    def __init__(self, config: Config, store: SnapshotStore, encoders: Encoders, stopwatch: Stopwatch) -> None:
        self._config = config
        self._store = store
        self._encoders = encoders
        self._progress = stopwatch
        self._corpus = corpus_of(config)
        self._planner = Planner(config, store, encoders, self._corpus, stopwatch)
        self._kinds = KindTable(config.sections)
        self._started = time.monotonic()

    def run(self, orders: Orders, note_words: Callable[[Report], None]) -> Report:
        """Publish an updated index, or return in the report why not.

        If there is no index yet, one by words is published first, and `note_words` is called with its report.
        """
        plan = self._plan(orders)
        if not orders.allow_removals and (refusal := self._refusal_of_removals(plan)):
            return self._report(Done(plan, plan.live, refusal=refusal))
        if not plan.is_needed:
            return self._report(Done(plan, plan.live))
        if plan.live or orders.words_only:
            return self._report(self._carry_out(plan, gate=orders.gate, asks=not plan.is_partial))
        return self._words_first(plan, orders, note_words)

    def _words_first(self, plan: Plan, orders: Orders, note_words: Callable[[Report], None]) -> Report:
        """Publish an index by words, then one with vectors too, unless that is left to a later run."""
        words = self._carry_out(plan, gate=orders.gate, asks=False)
        report = self._report(words)
        if words.snapshot is None:
            return report
        report = replace(report, words_snapshot=report.snapshot, words_after=report.seconds)
        note_words(report)
        encoder = self._encoder_for(words.snapshot, orders)
        if encoder is None:
            return report
        done = self._carry_out(words.plan.with_meaning(words.snapshot, encoder), gate=orders.gate)
        report_of_all = self._report(done.after(words))
        return replace(report_of_all, words_snapshot=report.words_snapshot, words_after=report.words_after)

    def _encoder_for(self, words: Snapshot, orders: Orders) -> Encoder | None:
        """Return the encoder for the passages of the snapshot `words`; None to leave encoding to a later run.

        Raises `ModelError`, except in a hurried run, where the index by words is enough.
        """
        left = self._passages_to_encode(words)
        if left > _SOON_ENCODED and orders.hurried:
            return None
        if left > _SOON_ENCODED:
            message = f"by meaning when {counted(left, 'passage')} are encoded"
            self._progress.tell(f"words are indexed: searches answer by them from now on, and {message}")
        try:
            return self._encoders.open(self._config.model)
        except ModelError as error:
            if not orders.hurried:
                raise
            self._progress.tell(f"{error}; indexing words only")
            return None

    def _passages_to_encode(self, words: Snapshot) -> int:
        from kb.reindex.encoding import count_encoded

        card = self._encoders.known_card(self._config.model)
        encoded = count_encoded(words, self._store.vector_cache, card.fingerprint) if card else 0
        return words.manifest.passages - encoded

    def _carry_out(self, plan: Plan, *, gate: bool, asks: bool = True) -> Done:
        """Build and publish, after the acceptance test if `gate`; without `asks`, that test runs no searches."""
        with self._store.building(plan.expected_bytes) as folder, closing(self._vector_cache()) as cache:
            built, plan = self._build(folder, plan, cache)
            if plan.is_partial:
                _take_over(plan.live, folder)
            else:
                self._calibrate(folder, plan, cache)
            sealed = self._seal(folder, plan, built)
            verdict = self._judge(sealed, plan, cache, asks=asks) if gate else None
            if verdict and verdict.refusal:
                return Done(plan, plan.live, built, verdict, verdict.refusal)
            if verdict and asks:
                sealed = self._with_known_items(sealed, verdict)
            self._progress.stage("publishing" if asks or plan.is_partial else "publishing words", 1)
            return Done(plan, self._store.publish(sealed), built, verdict)

    def _plan(self, orders: Orders) -> Plan:
        if orders.only is not None:
            return self._planner.plan_for(orders.only)
        return self._planner.plan(full=orders.full, words_only=orders.words_only)

    def _vector_cache(self) -> VectorCache:
        from search.indexing import VectorCache

        cache = VectorCache(self._store.vector_cache)
        self._store.share(self._store.vector_cache)
        return cache

    def _refusal_of_removals(self, plan: Plan) -> str:
        before = self._store.lessons_before()
        limit = self._config.max_removed
        return refusal_of_removals(plan.changes, plan.known, before, limit, self._corpus.digest)

    def _build(self, folder: Path, plan: Plan, cache: VectorCache) -> tuple[Built, Plan]:
        """Fill the folder; return also the plan that was carried out, which is changed if the base was damaged."""
        try:
            return self._fill(folder, plan, cache), plan
        except DamagedIndex as error:
            if plan.base is None or plan.is_partial:
                raise
            self._progress.tell(f"the index is damaged ({error}): building a new one from nothing")
            remove_tree(folder)
            folder.mkdir()
            plan = replace(plan, base=None, live=None, changes=plan.changes.with_all_reread(plan.listing))
            return self._fill(folder, plan, cache), plan

    def _fill(self, folder: Path, plan: Plan, cache: VectorCache) -> Built:
        # Imported here, because in most nightly runs nothing has changed.
        from kb.reindex.building import SnapshotBuilder

        encoder = plan.encoder
        if encoder is None and plan.card is not None and plan.changes.count:
            encoder = self._encoders.open(self._config.model)
        window = plan.window or (encoder.window if encoder else None)
        builder = SnapshotBuilder(folder, plan.base, self._progress)
        try:
            for path in plan.changes.removed:
                builder.remove(path)
            for file in plan.changes.touched:
                known = plan.known[file.path]
                builder.touch(stamped(file, known.digest, known.problems))
            for path in plan.changes.kept if plan.base is None else ():
                self._keep(builder, plan, path)
            unreadable = self._read(builder, plan, window)
            encoded = builder.finish(encoder, cache)
        finally:
            builder.close()
        window_name = window.name if window else plan.base.manifest.window if plan.base else ""
        return Built(builder.lessons, builder.passages, encoded, tuple(unreadable), window_name)

    def _read(self, builder: SnapshotBuilder, plan: Plan, window: Window | None) -> list[Problem]:
        """Read the new and the changed files into the snapshot; return why some could not be read."""
        from kb.reading.lesson_reader import LessonReader
        from kb.reading.processes import read_lessons

        files = (*plan.changes.added, *plan.changes.changed)
        self._progress.stage("reading", len(files))
        if not files:
            return []
        assert window, "what is read is split"
        unreadable: list[Problem] = []
        with closing(read_lessons(LessonReader(self._corpus, self._kinds, window, plan.people), files)) as read:
            for path, known, content, problem in read:
                if known and content:
                    builder.add(known, content)
                elif known:
                    builder.touch(known)
                if problem:
                    unreadable.append(problem)
                    if plan.base is None:
                        self._keep(builder, plan, path)
                self._progress.advance()
        return unreadable

    def _keep(self, builder: SnapshotBuilder, plan: Plan, path: str) -> None:
        """Copy from the live snapshot a lesson that cannot be read now."""
        from kb.reading.lesson_reader import content_of

        if plan.live and path in plan.known:
            with closing(Catalogue(plan.live.folder / CATALOGUE)) as catalogue:
                if lesson := catalogue.lesson_at(path):
                    builder.add(plan.known[path], content_of(permitted(lesson, plan.people), catalogue.passages(path)))

    def _seal(self, folder: Path, plan: Plan, built: Built) -> Snapshot:
        self._progress.stage("sealing", 1)
        manifest = Manifest(
            format=FORMAT,
            id=self._store.next_id(),
            built=datetime.now(UTC).isoformat(timespec="seconds"),
            encoder=plan.card,
            signature=signature_of(self._config, plan.people),
            lessons=built.lessons,
            passages=built.passages,
            commit=commit_of(self._config.root),
            files=describe_files(folder),
            window=built.window,
        )
        return self._store.seal(folder, manifest)

    def _calibrate(self, folder: Path, plan: Plan, cache: VectorCache) -> None:
        from kb.acceptance.calibrating import calibration_of
        from kb.index.calibration_file import write_calibration

        write_calibration(folder, calibration_of(folder, plan.card, self._encoders.open_for, cache, self._progress))

    def _judge(self, sealed: Snapshot, plan: Plan, cache: VectorCache, *, asks: bool) -> Verdict:
        from kb.acceptance.gate import Acceptance

        limit = self._config.max_regressions
        gate = Acceptance(cache, self._encoders.open_for, limit, self._progress)
        return gate.judge(sealed, plan.live) if asks else gate.examine(sealed)

    def _with_known_items(self, sealed: Snapshot, verdict: Verdict) -> Snapshot:
        """Add the known items to the snapshot, so that the next one can be compared with it."""
        from kb.acceptance.known_items import write_known_items

        write_known_items(sealed.folder / KNOWN_ITEMS, verdict.items)
        return self._store.seal(sealed.folder, replace(sealed.manifest, files=describe_files(sealed.folder)))

    def _report(self, done: Done) -> Report:
        self._progress.finish()
        return done.report(time.monotonic() - self._started, dict(self._progress.seconds))


def _take_over(live: Snapshot | None, folder: Path) -> None:
    """Copy the known items and the calibration of the last complete run, which a partial run does not recompute."""
    for name in (KNOWN_ITEMS, CALIBRATION):
        if live and (live.folder / name).is_file():
            shutil.copyfile(live.folder / name, folder / name)
