"""How a knowledge base stands."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from ingest.problem import Problem
from kb.reindex.ledger import Run
from kb.upkeep.freshness import Freshness
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
    runs: tuple[Run, ...]
    """The last ones, the last one first."""

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"calibration": self.calibration.as_json()}
