"""The job that brings the index up to date, doing only what is needed."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import time
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.changes import Changes, KnownFile, compare
from ingest.corpus import FoundFile, Listing, digest_of
from ingest.kinds import KindTable
from ingest.passage import Window
from ingest.problem import Problem, Unreadable
from ingest.reading import read_lesson
from kb.building import WINDOW_WITHOUT_MODEL, SnapshotBuilder
from kb.catalogue import Catalogue
from kb.config import FILE_NAME, Config, corpus_of
from kb.errors import ConfigError, IndexUnusable, OlderFormat
from kb.progress import Progress
from kb.report import Report
from kb.snapshot import CATALOGUE, FORMAT, Manifest, Snapshot, SnapshotStore, describe_files, new_id
from search import analyzer
from search.cache import VectorCache
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
class _Plan:
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


@dataclass(frozen=True, slots=True)
class _Built:
    lessons: int
    passages: int
    encoded: int
    unreadable: tuple[Problem, ...]


class Reindex:
    """One run of the job."""

    def __init__(self, config: Config, store: SnapshotStore, encoders: Encoders, progress: Progress) -> None:
        self._config = config
        self._store = store
        self._encoders = encoders
        self._progress = progress
        self._corpus = corpus_of(config)
        self._kinds = KindTable(config.sections)
        self._reading = reading_signature(config)

    def run(self, *, full: bool = False, words_only: bool = False) -> Report:
        """Bring the index up to date. `full` reads everything again; `words_only` does without a model."""
        started = time.monotonic()
        try:
            plan = self._plan(full=full, words_only=words_only)
            changes = plan.changes
            if plan.base and plan.card == plan.base.manifest.encoder and not (changes.count or changes.touched):
                return self._report(plan, plan.base, None, started)
            snapshot, built = self._build(plan)
            return self._report(plan, snapshot, built, started)
        finally:
            self._progress.finish()

    def _plan(self, *, full: bool, words_only: bool) -> _Plan:
        live = self._usable_snapshot(full=full)
        base = live if live and not full and self._is_current(live.manifest) else None
        encoder, card = None, None
        if not words_only:
            encoder, card = self._encoder_for(base)
            if base and (base.manifest.encoder is None or base.manifest.encoder.fingerprint != card.fingerprint):
                base = None
        elif base and base.manifest.encoder:
            base = None
        listing = self._corpus.find()
        known = self._known_files(live)
        if not known:
            self._require_folders()
        changes = compare(listing, known, self._digest_file)
        if base is None:
            changes = changes.with_all_reread(listing)
        return _Plan(live, base, encoder, card, known, listing, changes)

    def _usable_snapshot(self, *, full: bool) -> Snapshot | None:
        try:
            return self._store.live()
        except IndexUnusable as error:
            if not full and not isinstance(error, OlderFormat):
                raise
            self._progress.tell(f"{error}: building a new one")
        except DamagedIndex as error:
            self._progress.tell(f"the index is damaged ({error}): building a new one")
        return None

    def _is_current(self, manifest: Manifest) -> bool:
        return (manifest.reading, manifest.analyzer) == (self._reading, analyzer.NAME)

    def _encoder_for(self, base: Snapshot | None) -> tuple[Encoder | None, EncoderCard]:
        """Return the model's card, and the encoder itself unless the card of the snapshot shows it is the same."""
        name = self._config.model
        card = base.manifest.encoder if base else None
        if card and (card.model, card.stamp) == (name, self._encoders.stamp(name)):
            return None, card
        encoder = self._encoders.open(name)
        return encoder, encoder.card

    def _known_files(self, live: Snapshot | None) -> dict[str, KnownFile]:
        if live is None:
            return {}
        with closing(Catalogue(live.folder / CATALOGUE)) as catalogue:
            return catalogue.files()

    def _require_folders(self) -> None:
        for folder in self._config.paths:
            if not (self._config.root / folder).is_dir():
                where = self._config.root / FILE_NAME
                raise ConfigError(f"{where}: corpus.paths: there is no folder {folder!r}; make it or name another")

    def _digest_file(self, path: str) -> str:
        return digest_of(self._corpus.read(path))

    def _build(self, plan: _Plan) -> tuple[Snapshot, _Built]:
        with self._store.building() as folder:
            try:
                built = self._fill(folder, plan)
            except DamagedIndex as error:
                if plan.base is None:
                    raise
                self._progress.tell(f"the index is damaged ({error}): building a new one")
                shutil.rmtree(folder)
                folder.mkdir()
                plan = replace(plan, base=None, live=None, changes=plan.changes.with_all_reread(plan.listing))
                built = self._fill(folder, plan)
            now = datetime.now(UTC)
            manifest = Manifest(
                format=FORMAT,
                id=new_id(now),
                built=now.isoformat(timespec="seconds"),
                encoder=plan.card,
                analyzer=analyzer.NAME,
                reading=self._reading,
                lessons=built.lessons,
                passages=built.passages,
                commit=_commit_of(self._config.root),
                files=describe_files(folder),
            )
            return self._store.publish(folder, manifest), built

    def _fill(self, folder: Path, plan: _Plan) -> _Built:
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
            cache = VectorCache(self._store.vector_cache)
            try:
                encoded = builder.finish(encoder, cache)
            finally:
                cache.close()
        finally:
            builder.close()
        return _Built(builder.lessons, builder.passages, encoded, tuple(unreadable))

    def _read(self, file: FoundFile, builder: SnapshotBuilder) -> Problem | None:
        """Read one file into the snapshot; returns why when none of its lesson could be read."""
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

    def _keep(self, builder: SnapshotBuilder, plan: _Plan, path: str) -> None:
        """Take over from the live snapshot what cannot be read now."""
        if plan.live and path in plan.known:
            with closing(Catalogue(plan.live.folder / CATALOGUE)) as catalogue:
                if lesson := catalogue.lesson_at(path):
                    builder.keep(plan.known[path], lesson, catalogue.passages(path))

    def _stamped(self, file: FoundFile, digest: str, problem: Problem | None) -> KnownFile:
        fresh = time.time_ns() - file.mtime_ns < _FRESH_NS
        return KnownFile(file.path, file.size, 0 if fresh else file.mtime_ns, digest, problem)

    def _report(self, plan: _Plan, snapshot: Snapshot, built: _Built | None, started: float) -> Report:
        with closing(Catalogue(snapshot.folder / CATALOGUE)) as catalogue:
            files = catalogue.files()
            id_problems = catalogue.id_problems()
        problems = {
            str(problem): problem
            for problem in (
                *(*plan.changes.unreadable, *id_problems, *(built.unreadable if built else ())),
                *(file.problem for file in files.values() if file.problem),
            )
        }
        failed = {problem.path for problem in problems.values()}
        before = plan.known
        whole = [path for path in files if path not in failed]
        same = [path for path in whole if path in before and before[path].digest == files[path].digest]
        return Report(
            added=sum(path not in before for path in whole),
            changed=sum(path in before for path in whole) - len(same),
            removed=sum(path not in files for path in before),
            unchanged=len(same),
            failed=len(failed),
            lessons=snapshot.manifest.lessons,
            passages=snapshot.manifest.passages,
            encoded=built.encoded if built else 0,
            seconds=round(time.monotonic() - started, 2),
            snapshot=snapshot.manifest.id,
            published=built is not None,
            problems=tuple(problems[said] for said in sorted(problems)),
        )


def reading_signature(config: Config) -> str:
    """Return what must be equal for a file's sections and passages to be still right."""
    about = [_READING_FORMAT, sorted((kind, list(names)) for kind, names in config.sections.items()), config.paths]
    return hashlib.sha256(json.dumps(about).encode()).hexdigest()[:16]


def _commit_of(root: Path) -> str | None:
    try:
        found = subprocess.run(
            ["git", "-C", str(root), "rev-parse", "HEAD"],  # noqa: S607 - the user's own git
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return found.stdout.strip() or None if found.returncode == 0 else None
