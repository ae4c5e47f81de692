"""The status of a knowledge base."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from ingest.files.changes import compare
from ingest.files.corpus import Corpus
from ingest.problem import Problem
from kb.catalogue.catalogue import Catalogue
from kb.config import Config
from kb.index.calibration_file import read_calibration
from kb.index.snapshot import CATALOGUE, Snapshot
from kb.index.store import SnapshotStore
from kb.lessons.file_problem import problem_as_json
from kb.reindex.known_problems import known_problems
from kb.reindex.ledger import JobRun
from kb.served.running import Running
from kb.system.disk import size_of
from kb.upkeep.freshness import Freshness, FreshnessInput
from search.engine import Calibration

if TYPE_CHECKING:
    from kb.forms.keep import status as forms

RUNS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Status:
    """The status of a knowledge base and its index."""

    root: str
    lessons: int
    passages: int
    encoded: int
    """Number of passages with a vector in the index, or in the cache for the next run."""
    calibration: Calibration
    """The relevance thresholds of this library, and their errors on the calibration questions."""
    model: str | None
    """The model of the index; None if it was built without one."""
    configured_model: str
    snapshot: str
    """The id of the snapshot that answers."""
    built: str
    commit: str | None
    changed_since: int
    unreadable: int
    """Number of files that could not be read completely."""
    problems: tuple[Problem, ...]
    """The reasons, one for each problem."""
    bytes: int
    """Size of that snapshot."""
    bytes_in_all: int
    """Size of everything in `.kb`."""
    damage: str
    """Why the live snapshot cannot answer; empty if it can."""
    freshness: Freshness
    runs: tuple[JobRun, ...]
    """The last runs, the newest first."""
    servers: tuple[Running, ...] = ()
    """The servers of this user, if they were looked for."""

    def as_json(self) -> forms.Status:
        return {
            "root": self.root,
            "lessons": self.lessons,
            "passages": self.passages,
            "encoded": self.encoded,
            "calibration": _calibration(self.calibration),
            "model": self.model,
            "configured_model": self.configured_model,
            "snapshot": self.snapshot,
            "built": self.built,
            "commit": self.commit,
            "changed_since": self.changed_since,
            "unreadable": self.unreadable,
            "problems": [problem_as_json(problem) for problem in self.problems],
            "bytes": self.bytes,
            "bytes_in_all": self.bytes_in_all,
            "damage": self.damage,
            "freshness": self.freshness.as_json(),
            "runs": [run.as_json() for run in self.runs],
            "servers": [server.as_json() for server in self.servers],
        }


def _calibration(found: Calibration) -> forms.Calibration:
    asked, scale = found.asked, found.scale
    return {
        "thresholds": {
            mode.value: {"may_help": thresholds.may_help, "answers": thresholds.answers}
            for mode, thresholds in found.thresholds.items()
        },
        "lexical_weight": found.lexical_weight,
        "scale": {"offset": scale.offset, "unit": scale.unit},
        "asked": {
            "far": asked.far,
            "far_answers": asked.far_answers,
            "far_may_help": asked.far_may_help,
            "own": asked.own,
            "own_hidden": asked.own_hidden,
        },
    }


@dataclass(frozen=True, slots=True)
class Answering:
    """The snapshot that answers."""

    snapshot: Snapshot
    damage: str
    """Why it answers instead of the live one; empty if it is the live one."""
    encoded: int
    """Number of encoded passages, as in `Status`."""


def status_of(
    config: Config,
    store: SnapshotStore,
    corpus: Corpus,
    answering: Answering,
    runs: Sequence[JobRun],
    max_age: timedelta | None,
) -> Status:
    """Return the status: the snapshot is compared with the current lessons, and its age with `max_age`."""
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
