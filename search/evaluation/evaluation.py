"""Computes measures from runs and judgements; the one module that imports ir_measures, which has the formulas."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import ir_measures
import numpy as np
from ir_measures import Qrel, ScoredDoc

from search.errors import EvaluationError
from search.evaluation.judgements import Judgements
from search.evaluation.runs import Run

DEFAULT_MEASURES = ("nDCG@10", "R@100", "RR@10", "P@5", "Success@5", "AP")


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure by the name that ir_measures gives it."""

    name: str
    cutoff: int | None
    """The number of ranked documents that it considers; None for all."""


@dataclass(frozen=True, slots=True)
class Values:
    """The values of a run by its measures."""

    mean: Mapping[str, float]
    """Measure → mean over all judged queries."""
    per_query: Mapping[str, Mapping[str, float]]
    """Query → measure → value."""

    def of(self, measure: str, queries: Sequence[str]) -> np.ndarray:
        """Return the values of one measure for these queries, shape (queries,)."""
        return np.array([self.per_query[query][measure] for query in queries], np.float64)


def parse_measure(name: str) -> Measure:
    """Return a measure by its name in ir_measures; raises `EvaluationError`."""
    try:
        measure = ir_measures.parse_measure(name)
        cutoff = measure.params.get("cutoff")
        if cutoff is not None and (not isinstance(cutoff, int) or cutoff < 1):
            raise ValueError(f"the cutoff is {cutoff}, it must be at least 1")  # trec_eval would abort the process
        ir_measures.evaluator([measure], [Qrel("1", "1", 1)]).calc([ScoredDoc("1", "1", 1.0)])
    except Exception as error:  # the program behind a measure may raise any type
        reason = " ".join(str(error).split()) or type(error).__name__
        raise EvaluationError(f"no measure {name!r} ({reason}); known are for instance nDCG@10, R@100, AP") from error
    return Measure(str(measure), cutoff)


class Evaluator:
    """Measures any number of runs against the same judgements.

    A judged query without a ranking counts 0. Rankings count in the order given, even where scores are equal: the
    programs behind ir_measures each break ties in their own way.
    """

    def __init__(self, measures: Sequence[Measure], judgements: Judgements) -> None:
        self._queries = list(judgements)
        # Ids are replaced by numbers, since some of these programs accept nothing else.
        self._numbers: defaultdict[str, str] = defaultdict(lambda: str(len(self._numbers) + 1))
        self._evaluator = ir_measures.evaluator(
            [ir_measures.parse_measure(measure.name) for measure in measures],
            [
                Qrel(str(number), self._numbers[document], grade)
                for number, documents in enumerate(judgements.values(), 1)
                for document, grade in documents.items()
            ],
        )

    def evaluate(self, run: Run) -> Values:
        found = self._evaluator.calc(
            ScoredDoc(str(number), self._numbers[document], -float(rank))
            for number, query in enumerate(self._queries, 1)
            for rank, (document, _) in enumerate(run.get(query, ()))
        )
        per_query: dict[str, dict[str, float]] = {query: {} for query in self._queries}
        for metric in found.per_query:
            per_query[self._queries[int(metric.query_id) - 1]][str(metric.measure)] = float(metric.value)
        assert isinstance(found.aggregated, dict)
        return Values({str(measure): float(value) for measure, value in found.aggregated.items()}, per_query)
