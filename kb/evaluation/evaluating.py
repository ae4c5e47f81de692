"""Runs an evaluation: from an index, queries and judgements to measures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from kb.errors import EmptyIndex
from kb.evaluation.bound import Gate, parse_gate
from kb.evaluation.comparing import SystemComparison
from kb.evaluation.evaluation import HYBRID, Evaluation
from kb.evaluation.files import Files
from kb.evaluation.judged import Judged, match
from kb.evaluation.lesson_texts import LessonTexts
from kb.evaluation.measured import Measured
from kb.evaluation.reliability import reliability
from kb.progress import Progress
from kb.retrieval.matches import Ranked
from kb.retrieval.searcher import Searcher
from kb.system.output_file import write_output
from kb.trust.distrust import refuse_link
from kb.trust.outputs import refuse_output
from search.errors import EvaluationError
from search.evaluation import (
    DEFAULT_MEASURES,
    Evaluator,
    Grep,
    Measure,
    Run,
    format_run,
    parse_measure,
    read_judgements,
    read_queries,
    read_run,
)
from search.query import Mode

_RUN_NAME = "kb"

Rank = Callable[[str, int], list[tuple[str, float]]]
"""Takes a query text and a number of lessons; returns pairs of lesson id and score, the best first."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is measured, and how."""

    measures: tuple[Measure, ...]
    """Those requested and those of the gates, without duplicates; systems are compared by the first."""
    gates: tuple[Gate, ...]
    depth: int
    """Maximal number of lessons in each ranking."""
    baselines: bool
    drop_self: bool
    saved_run: Path | None
    run_out: Path | None


def make_plan(
    measures: Sequence[str] = (),
    gates: Sequence[str] = (),
    depth: int = 100,
    *,
    baselines: bool = True,
    drop_self: bool = False,
    saved_run: Path | None = None,
    run_out: Path | None = None,
) -> Plan:
    """Parse measures and gates; raises `EvaluationError`. The depth grows to the largest cutoff of a measure."""
    given = [parse_measure(name) for name in measures or DEFAULT_MEASURES]
    read = [parse_gate(text) for text in gates]
    every = tuple(dict.fromkeys((*given, *(gate.measure for gate in read if gate.measure))))
    deepest = max(measure.cutoff or 0 for measure in every)
    return Plan(every, tuple(read), max(depth, deepest), baselines, drop_self, saved_run, run_out)


def evaluate(knowledge_base: Measured, files: Files, plan: Plan, progress: Progress) -> Evaluation:
    """Measure the live index.

    Raises `EvaluationError` for broken files, `NoSuchFile` for a link below the root, `IndexUnusable` without an
    index, `EmptyIndex`, `ModelError`, and `CannotWrite` or `NoResult` if the run cannot be saved.
    """
    for path in filter(None, (files.queries, files.judgements, plan.saved_run)):
        refuse_link(path, knowledge_base.config.root)
    if plan.run_out:
        refuse_output(plan.run_out, knowledge_base.config)
    library = LessonTexts(knowledge_base)
    if not library.lessons:
        raise EmptyIndex("the index holds no lesson, so nothing can be measured; write lessons, then `kb reindex`")
    queries, judgements = read_queries(files.queries), read_judgements(files.judgements)
    judged = match(queries, judgements, library.names, drop_self=plan.drop_self)
    saved = _saved(plan.saved_run, library, judged, plan.depth) if plan.saved_run else None
    rankings = _rankings(knowledge_base, library, judged, plan, progress)
    evaluator = Evaluator(plan.measures, judged.judgements)
    systems = {name: evaluator.evaluate(run) for name, run in rankings.runs.items()}
    comparison = SystemComparison(judged, plan.measures[0].name)
    return Evaluation(
        name=files.name,
        lessons=len(library.lessons),
        depth=plan.depth,
        measures=tuple(measure.name for measure in plan.measures),
        queries=judged.queries,
        notes=(*judged.notes, *(saved.notes if saved else ())),
        systems=systems,
        differences=comparison.differences(systems),
        strata=comparison.strata(systems, library),
        reliability=reliability(judged, rankings.hybrid),
        saved=comparison.with_saved(systems[HYBRID], saved.path, saved.run, evaluator) if saved else None,
        gates=plan.gates,
    )


@dataclass(frozen=True, slots=True)
class _Saved:
    """A saved run, restricted to the judged queries."""

    path: Path
    run: Run
    notes: tuple[str, ...]


def _saved(path: Path, library: LessonTexts, judged: Judged, depth: int) -> _Saved:
    saved = read_run(path, library.names)
    missing = [query for query in judged.queries if query not in saved.run]
    if len(missing) == len(judged.queries):
        raise EvaluationError(f"{path}: ranks nothing for any of the judged queries; was it made with other queries?")
    notes = [
        f"{path}: {what}: {count:,}"
        for count, what in (
            (saved.repeats, "documents twice under the same query, of which the best rank counts"),
            (len(missing), "judged queries without a ranking, which count 0"),
        )
        if count
    ]
    run = {query: judged.kept(query, saved.run.get(query, []), depth) for query in judged.queries}
    return _Saved(path, run, tuple(notes))


@dataclass(frozen=True, slots=True)
class _Rankings:
    """The rankings of each system for all queries."""

    runs: Mapping[str, Run]
    """By system, then by query."""
    hybrid: Mapping[str, list[Ranked]]
    """By query, with the relevance verdict on each lesson."""


def _rankings(
    knowledge_base: Measured, library: LessonTexts, judged: Judged, plan: Plan, progress: Progress
) -> _Rankings:
    """Rank with every system; the hybrid's rankings are saved, if requested, before the baselines are made."""
    searcher = knowledge_base.index.searcher()
    assert searcher is not None, "the lessons were read from it"
    ranking = partial(_ranking, judged=judged, depth=plan.depth, progress=progress)
    try:
        with closing(searcher):
            hybrid = _hybrid(searcher, judged, plan.depth, progress)
            runs = {HYBRID: {query: [(one.id, one.score) for one in ranked] for query, ranked in hybrid.items()}}
            if plan.run_out:
                write_output(plan.run_out, format_run(runs[HYBRID], _RUN_NAME))
            if plan.baselines:
                runs["words only"] = ranking("words only", _by(searcher, Mode.LEXICAL))
                runs["meaning only"] = ranking("meaning only", _by(searcher, Mode.SEMANTIC))
                runs["file grep"] = ranking("file grep", _grep(library))
    finally:
        progress.finish()
    return _Rankings(runs, hybrid)


def _hybrid(searcher: Searcher, judged: Judged, depth: int, progress: Progress) -> dict[str, list[Ranked]]:
    progress.stage(f"ranking, {HYBRID}", len(judged.queries))
    found: dict[str, list[Ranked]] = {}
    for query, text in judged.queries.items():
        ranked = searcher.ranking(text, mode=Mode.HYBRID, limit=depth + 1)  # one may be dropped below
        found[query] = [one for one in ranked if one.id != judged.own.get(query)][:depth]
        progress.advance()
    return found


def _by(searcher: Searcher, mode: Mode) -> Rank:
    return lambda text, limit: [(one.id, one.score) for one in searcher.ranking(text, mode=mode, limit=limit)]


def _grep(library: LessonTexts) -> Rank:
    ids = list(library.texts)
    grep = Grep(list(library.texts.values()))
    return lambda text, limit: [(ids[number], found) for number, found in grep.rank(text, limit)]


def _ranking(name: str, rank: Rank, *, judged: Judged, depth: int, progress: Progress) -> Run:
    progress.stage(f"ranking, {name}", len(judged.queries))
    run: Run = {}
    for query, text in judged.queries.items():
        run[query] = judged.kept(query, rank(text, depth + 1), depth)  # one may be dropped
        progress.advance()
    return run
