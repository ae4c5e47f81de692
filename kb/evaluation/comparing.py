"""Compares systems, and a saved run, by one measure on the same queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kb.evaluation.evaluation import HYBRID, QueryChange, SavedRunCompared, StrataMeans, Stratum
from kb.evaluation.judged import Judged
from kb.evaluation.lesson_texts import LessonTexts
from search.evaluation import Difference, Evaluator, Run, Values, overlap, paired_difference, split


@dataclass(frozen=True, slots=True)
class SystemComparison:
    """Compares systems by one measure on the judged queries."""

    judged: Judged
    measure: str

    def differences(self, systems: Mapping[str, Values]) -> dict[str, Difference | None]:
        """Return the difference between the hybrid and each other system; None for fewer than two queries."""
        return {name: self._difference(systems[HYBRID], values) for name, values in systems.items() if name != HYBRID}

    def _difference(self, values: Values, baseline: Values) -> Difference | None:
        queries = list(self.judged.queries)
        return paired_difference(values.of(self.measure, queries), baseline.of(self.measure, queries))

    def strata(self, systems: Mapping[str, Values], library: LessonTexts) -> StrataMeans:
        shares = {
            query: overlap(text, [library.terms(id_) for id_ in self.judged.relevant(query)])
            for query, text in self.judged.queries.items()
        }
        strata = split(shares)
        return StrataMeans(strata.boundary, self._stratum(strata.few, systems), self._stratum(strata.many, systems))

    def _stratum(self, queries: Sequence[str], systems: Mapping[str, Values]) -> Stratum:
        if not queries:
            return Stratum(0, {})
        means = {name: float(values.of(self.measure, queries).mean()) for name, values in systems.items()}
        return Stratum(len(queries), means)

    def with_saved(self, hybrid: Values, path: Path, run: Run, evaluator: Evaluator) -> SavedRunCompared:
        """Compare the hybrid with saved rankings, from an earlier run or another program."""
        before = evaluator.evaluate(run)
        changes = [
            QueryChange(query, text, before.per_query[query][self.measure], hybrid.per_query[query][self.measure])
            for query, text in self.judged.queries.items()
        ]
        return SavedRunCompared(
            path,
            before.mean[self.measure],
            self._difference(hybrid, before),
            tuple(sorted(changes, key=lambda change: -abs(change.by))),
        )
