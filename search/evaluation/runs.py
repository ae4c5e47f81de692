"""Rankings of many queries, and TREC's format for them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from search.errors import EvaluationError
from search.evaluation.lines import Line, lines_of

Ranking = list[tuple[str, float]]
"""(document, score), the best first, no document twice."""
Run = dict[str, Ranking]
"""Query → ranking."""

_EXPECTED = "the six columns of a TREC run: query, Q0, document, rank, score, name"


@dataclass(frozen=True, slots=True)
class SavedRun:
    """A run read from a file."""

    run: Run
    repeats: int
    """The number of repeated entries of documents under a query; only the best counts."""


@dataclass(frozen=True, slots=True)
class _Entry:
    query: str
    document: str
    rank: int
    score: float


def read_run(path: Path, names: Mapping[str, str]) -> SavedRun:
    """Read a TREC run, ordered by score; of equal scores the lower rank comes first.

    `names` maps ids of documents in the file to other ids, where these differ. Raises `EvaluationError` naming file and
    line.
    """
    entries = [_entry_of(line) for line in lines_of(path)]
    if not entries:
        raise EvaluationError(f"{path}: no ranking in it; expected {_EXPECTED}")
    best: dict[str, dict[str, float]] = {}
    for entry in sorted(entries, key=lambda entry: (-entry.score, entry.rank)):
        best.setdefault(entry.query, {}).setdefault(names.get(entry.document, entry.document), entry.score)
    run = {query: list(documents.items()) for query, documents in best.items()}
    return SavedRun(run, len(entries) - sum(map(len, run.values())))


def _entry_of(line: Line) -> _Entry:
    columns = line.columns()
    try:
        query, _, document, rank, score, _ = columns
        entry = _Entry(query, document, int(rank), float(score))
    except ValueError as error:
        raise line.error(_EXPECTED) from error
    if not query or not document or not math.isfinite(entry.score):
        raise line.error(_EXPECTED)
    return entry


def format_run(run: Run, name: str) -> str:
    """Return a run in TREC's format, with tabs, so that ids may contain spaces; raises `EvaluationError`."""
    rows = [
        (query, "Q0", document, str(rank), f"{score:.9g}", name)
        for query, ranking in run.items()
        for rank, (document, score) in enumerate(ranking, 1)
    ]
    for row in rows:
        if any("\t" in column or "\n" in column for column in row):
            raise EvaluationError(f"the id {row[0]!r} or {row[2]!r} has a tab or a line end; no run can hold it")
    return "".join("\t".join(row) + "\n" for row in rows)
