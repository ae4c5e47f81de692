"""One pass of bringing the index up to date: plan, build aside, prove, publish."""

from __future__ import annotations

import shutil
import time
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.changes import KnownFile
from ingest.corpus import FoundFile, digest_of
from ingest.kinds import KindTable
from ingest.problem import Problem, Unreadable
from kb.config import Config, corpus_of
from kb.index.catalogue import Catalogue
from kb.index.manifest import FORMAT, Manifest, describe_files
from kb.index.snapshot import CATALOGUE, KNOWN_ITEMS, Snapshot
from kb.index.store import SnapshotStore
from kb.job.plan import Plan, Planner, known_files, lasting_mtime, reading_signature
from kb.job.removals import refusal_of_removals
from kb.job.report import Report
from kb.job.stopwatch import Stopwatch
from kb.repository import commit_of
from search import analyzer
from search.errors import DamagedIndex

if TYPE_CHECKING:
    from kb.job.building import SnapshotBuilder
    from kb.job.gate import Verdict
    from search.cache import VectorCache
    from search.encoders import Encoders


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


@dataclass(frozen=True, slots=True)
class _Built:
    lessons: int
    passages: int
    encoded: int
    unreadable: tuple[Problem, ...]


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

    def run(self, orders: Orders) -> Report:
        """Publish an index that is up to date, or say in the report why not; raises as its parts do."""
        plan = self._planner.plan(full=orders.full, words_only=orders.words_only)
        if not orders.allow_removals and (refusal := self._refusal_of_removals(plan)):
            return self._report(plan, plan.live, None, refusal=refusal)
        if not plan.is_needed:
            return self._report(plan, plan.live, None)
        with self._store.building() as folder, closing(self._vector_cache()) as cache:
            built, plan = self._build(folder, plan, cache)
            sealed = self._seal(folder, plan, built)
            verdict = self._judge(sealed, plan, cache) if orders.gate else None
            if verdict and verdict.refusal:
                return self._report(plan, plan.live, built, verdict)
            if verdict:
                sealed = self._with_known_items(sealed, verdict)
            self._progress.stage("publishing", 1)
            snapshot = self._store.publish(sealed)
        return self._report(plan, snapshot, built, verdict)

    def _vector_cache(self) -> VectorCache:
        from search.cache import VectorCache

        cache = VectorCache(self._store.vector_cache)
        self._store.share(self._store.vector_cache)
        return cache

    def _refusal_of_removals(self, plan: Plan) -> str:
        before = self._store.lessons_before()
        limit = self._config.max_removed
        return refusal_of_removals(plan.changes, plan.known, before, limit, self._planner.digest)

    def _build(self, folder: Path, plan: Plan, cache: VectorCache) -> tuple[_Built, Plan]:
        """Fill the folder; returns the plan that was carried out, which is another one if the base was damaged."""
        try:
            return self._fill(folder, plan, cache), plan
        except DamagedIndex as error:
            if plan.base is None:
                raise
            self._progress.tell(f"the index is damaged ({error}): building a new one from nothing")
            shutil.rmtree(folder)
            folder.mkdir()
            plan = replace(plan, base=None, live=None, changes=plan.changes.with_all_reread(plan.listing))
            return self._fill(folder, plan, cache), plan

    def _fill(self, folder: Path, plan: Plan, cache: VectorCache) -> _Built:
        # Most nights nothing has changed, and all that indexes need not be imported.
        from ingest.passage import Window
        from kb.job.building import WINDOW_WITHOUT_MODEL, SnapshotBuilder

        encoder = plan.encoder
        if encoder is None and plan.card is not None and plan.changes.count:
            encoder = self._encoders.open(self._config.model)
        window = Window(encoder.window, encoder.token_starts) if encoder else WINDOW_WITHOUT_MODEL
        builder = SnapshotBuilder(folder, plan.base, window, self._progress)
        unreadable: list[Problem] = []
        changes = plan.changes
        files = (*changes.added, *changes.changed)
        self._progress.stage("reading", len(files))
        try:
            for path in changes.removed:
                builder.remove(path)
            for file in changes.touched:
                builder.touch(self._stamped(file, plan.known[file.path].digest, plan.known[file.path].problem))
            for path in changes.kept if plan.base is None else ():
                self._keep(builder, plan, path)
            for file in files:
                if problem := self._read(file, builder):
                    unreadable.append(problem)
                    if plan.base is None:
                        self._keep(builder, plan, file.path)
                self._progress.advance()
            encoded = builder.finish(encoder, cache)
        finally:
            builder.close()
        return _Built(builder.lessons, builder.passages, encoded, tuple(unreadable))

    def _read(self, file: FoundFile, builder: SnapshotBuilder) -> Problem | None:
        """Read one file into the snapshot; returns why when none of its lesson could be read."""
        from ingest.reading import read_lesson

        try:
            data = self._corpus.read(file.path)
        except Unreadable as reason:
            return Problem(file.path, str(reason))
        try:
            reading = read_lesson(data, file.path, self._corpus.default_id(file.path), self._kinds)
        except Unreadable as reason:
            # Its bytes are known, so it is not read again; what was indexed of it before stays.
            problem = Problem(file.path, str(reason))
            builder.touch(self._stamped(file, digest_of(data), problem))
            return problem
        builder.add(self._stamped(file, digest_of(data), reading.problem), reading)
        return None

    def _keep(self, builder: SnapshotBuilder, plan: Plan, path: str) -> None:
        """Take over from the live snapshot what cannot be read now."""
        if plan.live and path in plan.known:
            with closing(Catalogue(plan.live.folder / CATALOGUE)) as catalogue:
                if lesson := catalogue.lesson_at(path):
                    builder.keep(plan.known[path], lesson, catalogue.passages(path))

    def _stamped(self, file: FoundFile, digest: str, problem: Problem | None) -> KnownFile:
        return KnownFile(file.path, file.size, lasting_mtime(file), digest, problem)

    def _seal(self, folder: Path, plan: Plan, built: _Built) -> Snapshot:
        self._progress.stage("sealing", 1)
        manifest = Manifest(
            format=FORMAT,
            id=self._store.next_id(),
            built=datetime.now(UTC).isoformat(timespec="seconds"),
            encoder=plan.card,
            analyzer=analyzer.NAME,
            reading=reading_signature(self._config),
            lessons=built.lessons,
            passages=built.passages,
            commit=commit_of(self._config.root),
            files=describe_files(folder),
        )
        return self._store.seal(folder, manifest)

    def _judge(self, sealed: Snapshot, plan: Plan, cache: VectorCache) -> Verdict:
        from kb.job.gate import Gate

        limit = self._config.max_regressions
        return Gate(cache, self._encoders.open_for, limit, self._progress).judge(sealed, plan.live)

    def _with_known_items(self, sealed: Snapshot, verdict: Verdict) -> Snapshot:
        """Put what the lessons were found for into the snapshot, for the next one to be held against."""
        from kb.job.known_items import write_known_items

        write_known_items(sealed.folder / KNOWN_ITEMS, verdict.items)
        return self._store.seal(sealed.folder, replace(sealed.manifest, files=describe_files(sealed.folder)))

    def _report(
        self,
        plan: Plan,
        snapshot: Snapshot | None,
        built: _Built | None,
        verdict: Verdict | None = None,
        *,
        refusal: str = "",
    ) -> Report:
        self._progress.finish()
        files = plan.known if snapshot is plan.live else known_files(snapshot)
        refusal = refusal or (verdict.refusal if verdict else "")
        problems = self._problems(plan, snapshot, files, built)
        failed = {problem.path for problem in problems}
        before = plan.known
        whole = [path for path in files if path not in failed]
        same = [path for path in whole if path in before and before[path].digest == files[path].digest]
        manifest = snapshot.manifest if snapshot else None
        return Report(
            added=sum(path not in before for path in whole),
            changed=sum(path in before for path in whole) - len(same),
            removed=sum(path not in files for path in before),
            unchanged=len(same),
            failed=len(failed),
            lessons=manifest.lessons if manifest else 0,
            passages=manifest.passages if manifest else 0,
            encoded=built.encoded if built else 0,
            seconds=round(time.monotonic() - self._started, 2),
            snapshot=manifest.id if manifest else None,
            published=built is not None and not refusal,
            problems=problems,
            refusal=refusal,
            asked=len(verdict.items) if verdict else 0,
            lost=len(verdict.regressions) if verdict else 0,
            regressions=verdict.regressions if verdict else (),
            model=manifest.encoder.model if manifest and manifest.encoder else None,
            commit=manifest.commit if manifest else None,
            stages=self._progress.seconds,
        )

    def _problems(
        self, plan: Plan, snapshot: Snapshot | None, files: dict[str, KnownFile], built: _Built | None
    ) -> tuple[Problem, ...]:
        """Return what is wrong with the corpus, each problem once, sorted."""
        id_problems: list[Problem] = []
        if snapshot:
            with closing(Catalogue(snapshot.folder / CATALOGUE)) as catalogue:
                id_problems = catalogue.id_problems()
        problems = {
            str(problem): problem
            for problem in (
                *(*plan.changes.unreadable, *id_problems, *(built.unreadable if built else ())),
                *(file.problem for file in files.values() if file.problem),
            )
        }
        return tuple(problems[said] for said in sorted(problems))
