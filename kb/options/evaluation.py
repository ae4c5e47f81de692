"""The options of `kb eval`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kb.options.common import group
from kb.output.evaluation import MARKDOWN
from kb.output.form import JSON, Form

if TYPE_CHECKING:
    from kb.evaluation.evaluating import Plan

_FILE = click.Path(dir_okay=False, path_type=Path)

eval_options = group(
    click.argument("paths", nargs=-1, metavar="QUERIES QRELS", type=click.Path(path_type=Path)),
    click.option("--collection", is_flag=True, help="Measure test collections instead: folders in BEIR's layout."),
    click.option(
        "--from-demand",
        is_flag=True,
        help="Measure with your own questions that led to a lesson; QUERIES and QRELS, if given, are written.",
    ),
    click.option(
        "--measure",
        "measures",
        multiple=True,
        metavar="NAME",
        help="Instead of nDCG@10, R@100, RR@10, P@5, Success@5, AP; repeatable.",
    ),
    click.option(
        "--depth",
        type=click.IntRange(1, 1000),
        default=100,
        show_default=True,
        help="How many lessons are ranked; more if a measure looks further.",
    ),
    click.option(
        "--gate",
        "gates",
        multiple=True,
        metavar="MEASURE>=VALUE",
        help="Exit code 1 when hybrid is below it; repeatable.",
    ),
    click.option("--baseline", type=_FILE, metavar="RUN", help="Compare with a saved TREC run, query by query."),
    click.option("--run-out", type=_FILE, metavar="RUN", help="Save the hybrid's rankings as a TREC run."),
    click.option("--no-baselines", is_flag=True, help="Measure the hybrid only."),
    click.option("--drop-self", is_flag=True, help="The queries are lessons: a query's own lesson is no hit."),
    click.option("--per-query", is_flag=True, help="Show every query."),
    click.option("--json", "as_json", is_flag=True, help="Print one JSON object."),
    click.option("--markdown", "as_markdown", is_flag=True, help="Print a Markdown table of the first measure."),
)


@dataclass(frozen=True, slots=True)
class EvalOptions:
    """The options given to `kb eval`; raises `click.UsageError` if they contradict each other."""

    paths: tuple[Path, ...]
    collection: bool
    from_demand: bool
    measures: tuple[str, ...]
    depth: int
    gates: tuple[str, ...]
    baseline: Path | None
    run_out: Path | None
    no_baselines: bool
    drop_self: bool
    per_query: bool
    as_json: bool
    as_markdown: bool

    def __post_init__(self) -> None:
        if self.from_demand and (self.collection or len(self.paths) not in (0, 2)):
            raise click.UsageError("--from-demand: expected no files, or two to write, QUERIES and QRELS")
        if not self.collection and not self.from_demand and len(self.paths) != 2:
            raise click.UsageError("expected two files, QUERIES and QRELS, or --collection and folders")
        if self.collection and not self.paths:
            raise click.UsageError("--collection: expected one folder or more")
        if (self.baseline or self.run_out) and len(self.paths) > 1 and self.collection:
            raise click.UsageError("--baseline and --run-out are for one collection")
        if self.as_json and self.as_markdown:
            raise click.UsageError("--json or --markdown, not both")

    @property
    def form(self) -> Form:
        return JSON if self.as_json else MARKDOWN if self.as_markdown else None

    def plan(self) -> Plan:
        """Return the plan of the measurement; raises `EvaluationError`."""
        from kb.evaluation.evaluating import make_plan

        return make_plan(
            self.measures,
            self.gates,
            self.depth,
            baselines=not self.no_baselines,
            drop_self=self.drop_self,
            saved_run=self.baseline,
            run_out=self.run_out,
        )
