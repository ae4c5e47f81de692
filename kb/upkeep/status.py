"""How a knowledge base stands."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from ingest.files.changes import compare
from ingest.files.corpus import Corpus
from ingest.problem import Problem
from kb.config import Config
from kb.index.calibration_file import read_calibration
from kb.index.catalogue import Catalogue
from kb.index.snapshot import CATALOGUE, Snapshot
from kb.index.store import SnapshotStore, size_of
from kb.reindex.known_problems import known_problems
from kb.reindex.ledger import JobRun
from kb.upkeep.freshness import Freshness, FreshnessInput
from search.ranking.calibration import Calibration

RUNS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Status:
    """How a knowledge base stands."""

    root: str
    lessons: int
    passages: int
    encoded: int
    """Passages whose meaning is indexed, or known already to a run that will index it."""
    calibration: Calibration
    """From which evidence on a lesson helps in this library, and what that gets wrong."""
    model: str | None
    """The index's own; None when it was built without one."""
    configured_model: str
    snapshot: str
    """The one that answers."""
    built: str
    commit: str | None
    changed_since: int
    unreadable: int
    """Files with something that cannot be read."""
    problems: tuple[Problem, ...]
    """What that is, file by file."""
    bytes: int
    """Of that snapshot."""
    bytes_in_all: int
    """Of everything in `.kb`."""
    damage: str
    """Why the live snapshot does not answer; empty when it does."""
    freshness: Freshness
    runs: tuple[JobRun, ...]
    """The last ones, the last one first."""

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"calibration": self.calibration.as_json()}


@dataclass(frozen=True, slots=True)
class Answering:
    """The snapshot that answers, and what is known of it."""

    snapshot: Snapshot
    damage: str
    """Why it answers instead of the live one; empty when it is the live one."""
    encoded: int
    """As `Status` has it."""


def status_of(
    config: Config,
    store: SnapshotStore,
    corpus: Corpus,
    answering: Answering,
    runs: Sequence[JobRun],
    max_age: timedelta | None,
) -> Status:
    """Compare the snapshot that answers with the lessons as they are, and with the age that it may have."""
    snapshot, manifest = answering.snapshot, answering.snapshot.manifest
    with closing(Catalogue(snapshot.folder / CATALOGUE)) as catalogue:
        changes = compare(corpus.find(), catalogue.files(), corpus.digest)
        problems = known_problems(catalogue, changes, runs).standing
    words_only = manifest.encoder is None
    return Status(
        root=str(config.root),
        lessons=manifest.lessons,
        passages=manifest.passages,
        encoded=answering.encoded,
        calibration=read_calibration(snapshot.folder),
        model=manifest.encoder.model if manifest.encoder else None,
        configured_model=config.model,
        snapshot=manifest.id,
        built=manifest.built,
        commit=manifest.commit,
        changed_since=changes.count,
        unreadable=len({problem.path for problem in problems}),
        problems=problems,
        bytes=snapshot.size,
        bytes_in_all=size_of(store.folder),
        damage=answering.damage,
        freshness=FreshnessInput(runs, changes.count, answering.damage, max_age, words_only=words_only).judge(),
        runs=tuple(reversed(runs[-RUNS_SHOWN:])),
    )
