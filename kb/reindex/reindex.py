"""One pass of bringing the index up to date: plan, build aside, prove, publish."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.files.changes import KnownFile
from ingest.files.corpus import FoundFile, digest_of
from ingest.files.tree import remove_tree
from ingest.kinds import KindTable
from ingest.problem import Problem, Unreadable
from kb.config import Config, corpus_of
from kb.index.catalogue import Catalogue
from kb.index.manifest import FORMAT, Manifest, describe_files
from kb.index.signature import signature_of
from kb.index.snapshot import CALIBRATION, CATALOGUE, KNOWN_ITEMS, Snapshot
from kb.index.store import SnapshotStore
from kb.reindex.done import Built, Done
from kb.reindex.plan import Plan, Planner, lasting_mtime
from kb.reindex.removals import refusal_of_removals
from kb.reindex.report import Report
from kb.reindex.stopwatch import Stopwatch
from kb.system.git import commit_of
from kb.wording import counted
from search.errors import DamagedIndex, ModelError

if TYPE_CHECKING:
    from ingest.window import Window
    from kb.acceptance.gate import Verdict
    from kb.reindex.building import SnapshotBuilder
    from search.models.encoder import Encoder
    from search.models.encoders import Encoders
    from search.semantic.cache import VectorCache

_SOON_ENCODED = 256
"""Passages that are encoded in a few seconds: whoever waits for an answer waits for them too."""


@dataclass(frozen=True, slots=True)
class Orders:
    """What a run is told to do, beyond bringing the index up to date."""

    full: bool = False
    """Read, split and index every lesson again; known vectors are reused."""
    words_only: bool = False
    """Do without a model."""
    allow_removals: bool = False
    """Believe that lessons are gone, however many."""
    gate: bool = True
    """Publish only what has proved itself."""
    only: frozenset[str] | None = None
    """Take in these lessons alone, by path, if the index can stay as it is otherwise; None is all."""
    hurried: bool = False
    """Somebody waits for the first answer: once words give one, leave what takes long to encode to a later run."""


class Reindex:
    """One pass; whoever makes it holds the lock."""

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
        """Publish an index that is up to date, or say in the report why not; raises as its parts do.

        Where none can answer yet, one by words is published first, and noted with a report of its own.
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
        """Publish what words can answer, then what the meaning can too, unless that is left to a later run."""
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
        """Return the encoder for passages whose words are live; None to leave them to a later run.

        Raises `ModelError`, unless somebody waits who can be answered by words.
        """
        left = self._passages_to_encode(words)
        if left > _SOON_ENCODED and orders.hurried:
            return None
        if left > _SOON_ENCODED:
            said = f"by meaning when {counted(left, 'passage')} are encoded"
            self._progress.tell(f"words are indexed: searches answer by them from now on, and {said}")
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
        """Build and publish, after the gate if there is one; words that are published first are not asked there."""
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
        from search.semantic.cache import VectorCache

        cache = VectorCache(self._store.vector_cache)
        self._store.share(self._store.vector_cache)
        return cache

    def _refusal_of_removals(self, plan: Plan) -> str:
        before = self._store.lessons_before()
        limit = self._config.max_removed
        return refusal_of_removals(plan.changes, plan.known, before, limit, self._corpus.digest)

    def _build(self, folder: Path, plan: Plan, cache: VectorCache) -> tuple[Built, Plan]:
        """Fill the folder; returns the plan that was carried out, which is another one if the base was damaged."""
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
        # Most nights nothing has changed, and all that indexes need not be imported.
        from kb.reindex.building import SnapshotBuilder

        encoder = plan.encoder
        if encoder is None and plan.card is not None and plan.changes.count:
            encoder = self._encoders.open(self._config.model)
        window = plan.window or (encoder.window if encoder else None)
        builder = SnapshotBuilder(folder, plan.base, self._progress)
        unreadable: list[Problem] = []
        changes = plan.changes
        files = (*changes.added, *changes.changed)
        self._progress.stage("reading", len(files))
        try:
            for path in changes.removed:
                builder.remove(path)
            for file in changes.touched:
                builder.touch(self._stamped(file, plan.known[file.path].digest, plan.known[file.path].problems))
            for path in changes.kept if plan.base is None else ():
                self._keep(builder, plan, path)
            for file in files:
                if problem := self._read(file, builder, window):
                    unreadable.append(problem)
                    if plan.base is None:
                        self._keep(builder, plan, file.path)
                self._progress.advance()
            encoded = builder.finish(encoder, cache)
        finally:
            builder.close()
        window_name = window.name if window else plan.base.manifest.window if plan.base else ""
        return Built(builder.lessons, builder.passages, encoded, tuple(unreadable), window_name)

    def _read(self, file: FoundFile, builder: SnapshotBuilder, window: Window | None) -> Problem | None:
        """Read one file into the snapshot; returns why when none of its lesson could be read."""
        from ingest.passages.splitting import split_lesson
        from ingest.reading import read_lesson

        assert window, "what is read is split"
        try:
            data = self._corpus.read(file.path)
        except Unreadable as reason:
            return Problem(file.path, str(reason))
        try:
            reading = read_lesson(data, file.path, self._corpus.default_id(file.path), self._kinds)
        except Unreadable as reason:
            # Its bytes are known, so it is not read again; what was indexed of it before stays.
            problem = Problem(file.path, str(reason))
            builder.touch(self._stamped(file, digest_of(data), (problem,)))
            return problem
        known = self._stamped(file, digest_of(data), reading.problems)
        builder.add(known, reading.lesson, split_lesson(reading, window))
        return None

    def _keep(self, builder: SnapshotBuilder, plan: Plan, path: str) -> None:
        """Take over from the live snapshot what cannot be read now."""
        if plan.live and path in plan.known:
            with closing(Catalogue(plan.live.folder / CATALOGUE)) as catalogue:
                if lesson := catalogue.lesson_at(path):
                    builder.add(plan.known[path], lesson, catalogue.passages(path))

    def _stamped(self, file: FoundFile, digest: str, problems: tuple[Problem, ...]) -> KnownFile:
        return KnownFile(file.path, file.size, lasting_mtime(file), digest, problems)

    def _seal(self, folder: Path, plan: Plan, built: Built) -> Snapshot:
        self._progress.stage("sealing", 1)
        manifest = Manifest(
            format=FORMAT,
            id=self._store.next_id(),
            built=datetime.now(UTC).isoformat(timespec="seconds"),
            encoder=plan.card,
            signature=signature_of(self._config),
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
        """Put what the lessons were found for into the snapshot, for the next one to be held against."""
        from kb.acceptance.known_items import write_known_items

        write_known_items(sealed.folder / KNOWN_ITEMS, verdict.items)
        return self._store.seal(sealed.folder, replace(sealed.manifest, files=describe_files(sealed.folder)))

    def _report(self, done: Done) -> Report:
        self._progress.finish()
        return done.report(time.monotonic() - self._started, dict(self._progress.seconds))


def _take_over(live: Snapshot | None, folder: Path) -> None:
    """Let the next whole run be held against what the last whole one found; until then its calibration serves."""
    for name in (KNOWN_ITEMS, CALIBRATION):
        if live and (live.folder / name).is_file():
            shutil.copyfile(live.folder / name, folder / name)
