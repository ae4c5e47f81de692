"""What an evaluation found: the object that `kb eval --json` prints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from kb.evaluation.bound import Gate
from kb.evaluation.reliability import HIDDEN, Reliability
from search.evaluation.evaluation import Values
from search.evaluation.significance import Difference

HYBRID = "hybrid"

# Values of the same ranking may differ by the rounding of a sum.
_EQUAL = 1e-9


@dataclass(frozen=True, slots=True)
class Stratum:
    """Some of the queries, and what each system is worth on them."""

    queries: int
    means: Mapping[str, float]
    """Of the first measure, by system; empty without queries."""


@dataclass(frozen=True, slots=True)
class StrataMeans:
    """The first measure where few words are shared with what is relevant, and where many are."""

    boundary: float
    """From this share of a query's words on, they are many."""
    few: Stratum
    many: Stratum


@dataclass(frozen=True, slots=True)
class QueryChange:
    """A query before, in a saved run, and now."""

    query: str
    text: str
    before: float
    now: float

    @property
    def by(self) -> float:
        return self.now - self.before


@dataclass(frozen=True, slots=True)
class SavedRunCompared:
    """The first measure against a saved run."""

    path: Path
    mean: float
    difference: Difference | None
    changes: tuple[QueryChange, ...]
    """Of every query, those that changed most first."""

    @property
    def better(self) -> int:
        return sum(change.by > _EQUAL for change in self.changes)

    @property
    def worse(self) -> int:
        return sum(change.by < -_EQUAL for change in self.changes)

    @property
    def equal(self) -> int:
        return len(self.changes) - self.better - self.worse

    @property
    def changed(self) -> tuple[QueryChange, ...]:
        return self.changes[: self.better + self.worse]

    def as_json(self, *, every: bool) -> dict[str, Any]:
        shown = self.changes if every else self.changed
        return {
            "run": str(self.path),
            "mean": _rounded(self.mean),
            "difference": _difference(self.difference),
            "better": self.better,
            "worse": self.worse,
            "equal": self.equal,
            "changes": [_rounded(asdict(change) | {"by": change.by}) for change in shown],
        }


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One set of queries over one index."""

    name: str
    lessons: int
    depth: int
    measures: tuple[str, ...]
    """The first is the one that systems are compared by."""
    queries: Mapping[str, str]
    """Those that count."""
    notes: tuple[str, ...]
    systems: Mapping[str, Values]
    """The hybrid first."""
    differences: Mapping[str, Difference | None]
    """What the hybrid is better by than each other system; None for too few queries."""
    strata: StrataMeans
    reliability: Reliability
    """Of the hybrid: what a user sees of its rankings."""
    saved: SavedRunCompared | None
    gates: tuple[Gate, ...]

    @property
    def failed_gates(self) -> list[Gate]:
        return [gate for gate in self.gates if not gate.passes(self.value(gate.name))]

    def value(self, name: str) -> float:
        """Return a figure of the hybrid that a gate may bound."""
        return self.reliability.hidden if name == HIDDEN else self.systems[HYBRID].mean[name]

    def failures(self) -> list[str]:
        """Return a line for each gate that the hybrid does not pass."""
        return [
            f"{self.name}: {gate.name} is {self.value(gate.name):.4f}, the gate is {gate}" for gate in self.failed_gates
        ]

    def as_json(self, *, per_query: bool) -> dict[str, Any]:
        failed = self.failed_gates
        found = {
            "name": self.name,
            "lessons": self.lessons,
            "queries": len(self.queries),
            "depth": self.depth,
            "notes": list(self.notes),
            "systems": {name: _rounded(values.mean) for name, values in self.systems.items()},
            "differences": {name: _difference(difference) for name, difference in self.differences.items()},
            "strata": _rounded(asdict(self.strata)),
            "reliability": self.reliability.as_json(),
            "gates": [
                {"gate": str(gate), "value": _rounded(self.value(gate.name)), "passed": gate not in failed}
                for gate in self.gates
            ],
        }
        if self.saved:
            found["baseline"] = self.saved.as_json(every=per_query)
        if per_query:
            found["per_query"] = [self._query_as_json(query) for query in self.queries]
        return found

    def _query_as_json(self, query: str) -> dict[str, Any]:
        values = {name: _rounded(values.per_query[query]) for name, values in self.systems.items()}
        return {"query": query, "text": self.queries[query], "systems": values}


def _difference(difference: Difference | None) -> Any:
    return _rounded(asdict(difference)) if difference else None


def _rounded(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _rounded(item) for key, item in value.items()}
    return round(value, 6) if isinstance(value, float) else value
