"""The result of an evaluation, as `kb eval --json` prints it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kb.evaluation.bound import Gate
from kb.evaluation.reliability import HIDDEN, Reliability
from search.evaluation import Difference, Values

if TYPE_CHECKING:
    from kb.forms.judge import evaluation as forms

HYBRID = "hybrid"

# Sums in another order may differ by rounding, so smaller differences count as equal.
_EQUAL = 1e-9


@dataclass(frozen=True, slots=True)
class Stratum:
    """Some of the queries, with each system's mean on them."""

    queries: int
    means: Mapping[str, float]
    """Mean of the first measure by system; empty without queries."""

    def as_json(self) -> forms.Stratum:
        return {"queries": self.queries, "means": _rounded(self.means)}


@dataclass(frozen=True, slots=True)
class StrataMeans:
    """The first measure on queries that share few words with their relevant lessons, and on those that share many."""

    boundary: float
    """The least share of a query's words that counts as many."""
    few: Stratum
    many: Stratum

    def as_json(self) -> forms.Strata:
        return {"boundary": round(self.boundary, 6), "few": self.few.as_json(), "many": self.many.as_json()}


@dataclass(frozen=True, slots=True)
class QueryChange:
    """The value of a query in a saved run and now."""

    query: str
    text: str
    before: float
    now: float

    @property
    def by(self) -> float:
        return self.now - self.before

    def as_json(self) -> forms.QueryChange:
        return {
            "query": self.query,
            "text": self.text,
            "before": round(self.before, 6),
            "now": round(self.now, 6),
            "by": round(self.by, 6),
        }


@dataclass(frozen=True, slots=True)
class SavedRunCompared:
    """The first measure compared with a saved run."""

    path: Path
    mean: float
    difference: Difference | None
    changes: tuple[QueryChange, ...]
    """One for each query, the largest changes first."""

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

    def as_json(self, *, every: bool) -> forms.SavedRunCompared:
        shown = self.changes if every else self.changed
        return {
            "run": str(self.path),
            "mean": round(self.mean, 6),
            "difference": _difference(self.difference),
            "better": self.better,
            "worse": self.worse,
            "equal": self.equal,
            "changes": [change.as_json() for change in shown],
        }


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The results for one set of queries on one index."""

    name: str
    lessons: int
    depth: int
    measures: tuple[str, ...]
    """Systems are compared by the first."""
    queries: Mapping[str, str]
    """Text by query id, for the judged queries."""
    notes: tuple[str, ...]
    systems: Mapping[str, Values]
    """Values by system, the hybrid first."""
    differences: Mapping[str, Difference | None]
    """The hybrid minus each other system; None for fewer than two queries."""
    strata: StrataMeans
    reliability: Reliability
    """How reliable the hybrid's relevance verdicts are."""
    saved: SavedRunCompared | None
    gates: tuple[Gate, ...]

    @property
    def failed_gates(self) -> list[Gate]:
        return [gate for gate in self.gates if not gate.passes(self.value(gate.name))]

    def value(self, name: str) -> float:
        """Return the hybrid's value of a measure, or its rate of hidden answers."""
        return self.reliability.hidden if name == HIDDEN else self.systems[HYBRID].mean[name]

    def failures(self) -> list[str]:
        """Return a line for each gate that the hybrid fails."""
        return [
            f"{self.name}: {gate.name} is {self.value(gate.name):.4f}, the gate is {gate}" for gate in self.failed_gates
        ]

    def as_json(self, *, per_query: bool) -> forms.Evaluation:
        failed = self.failed_gates
        found: forms.Evaluation = {
            "name": self.name,
            "lessons": self.lessons,
            "queries": len(self.queries),
            "depth": self.depth,
            "notes": list(self.notes),
            "systems": {name: _rounded(values.mean) for name, values in self.systems.items()},
            "differences": {name: _difference(difference) for name, difference in self.differences.items()},
            "strata": self.strata.as_json(),
            "reliability": self.reliability.as_json(),
            "gates": [
                {"gate": str(gate), "value": round(self.value(gate.name), 6), "passed": gate not in failed}
                for gate in self.gates
            ],
        }
        if self.saved:
            found["baseline"] = self.saved.as_json(every=per_query)
        if per_query:
            found["per_query"] = [self._query_as_json(query) for query in self.queries]
        return found

    def _query_as_json(self, query: str) -> forms.QueryValues:
        values = {name: _rounded(values.per_query[query]) for name, values in self.systems.items()}
        return {"query": query, "text": self.queries[query], "systems": values}


def _difference(found: Difference | None) -> forms.MeanDifference | None:
    if found is None:
        return None
    return {
        "mean": round(found.mean, 6),
        "low": round(found.low, 6),
        "high": round(found.high, 6),
        "p": round(found.p, 6),
    }


def _rounded(values: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 6) for name, value in values.items()}
