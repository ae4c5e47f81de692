"""`kb eval`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kb.errors import Exit
from kb.index.trust import refuse_link
from kb.session import Session
from kb.visible import json_text

if TYPE_CHECKING:
    from kb.evaluation.evaluating import Files
    from kb.evaluation.evaluation import Evaluation
    from kb.knowledge_base import KnowledgeBase

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(
    "eval",
    epilog="""\b
Examples:
  kb eval queries.tsv qrels.tsv                         how good the live index is
  kb eval queries.tsv qrels.tsv --gate "nDCG@10>=0.70"  exit code 1 below that, for CI
  kb eval queries.tsv qrels.tsv --run-out before.run    keep the rankings ...
  kb eval queries.tsv qrels.tsv --baseline before.run   ... and see later what changed
  kb eval --collection scifact cisi --markdown          public test collections, as rows for a README
""",
)
@click.argument("paths", nargs=-1, metavar="QUERIES QRELS", type=click.Path(path_type=Path))
@click.option("--collection", is_flag=True, help="Measure test collections instead: folders in BEIR's layout.")
@click.option(
    "--measure",
    "measures",
    multiple=True,
    metavar="NAME",
    help="Instead of nDCG@10, R@100, RR@10, P@5, Success@5, AP; repeatable.",
)
@click.option(
    "--depth",
    type=click.IntRange(1, 1000),
    default=100,
    show_default=True,
    help="How many lessons are ranked; more if a measure looks further.",
)
@click.option(
    "--gate", "gates", multiple=True, metavar="MEASURE>=VALUE", help="Exit code 1 when the hybrid is below; repeatable."
)
@click.option("--baseline", type=_FILE, metavar="RUN", help="Compare with a saved TREC run, query by query.")
@click.option("--run-out", type=_FILE, metavar="RUN", help="Save the hybrid's rankings as a TREC run.")
@click.option("--no-baselines", is_flag=True, help="Measure the hybrid only.")
@click.option("--drop-self", is_flag=True, help="The queries are lessons: a query's own lesson is no hit.")
@click.option("--per-query", is_flag=True, help="Show every query.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--markdown", "as_markdown", is_flag=True, help="Print a Markdown table of the first measure.")
@click.pass_obj
def eval_(
    session: Session,
    paths: tuple[Path, ...],
    collection: bool,
    measures: tuple[str, ...],
    depth: int,
    gates: tuple[str, ...],
    baseline: Path | None,
    run_out: Path | None,
    no_baselines: bool,
    drop_self: bool,
    per_query: bool,
    as_json: bool,
    as_markdown: bool,
) -> int:
    """Measure how well queries find the lessons that were judged relevant to them.

    QUERIES: JSON lines with _id and text, or lines of id, tab and text, or TREC topics. QRELS: query,
    lesson and grade in columns, as BEIR or TREC have them; a grade above 0 is relevant, a lesson goes by
    its id or path. The hybrid is compared with words only, meaning only, and a grep over the files.

    Exit code 0: measured; 1: below a gate, or the index is empty.
    """
    _check(paths, collection=collection, one_run=bool(baseline or run_out), two_forms=as_json and as_markdown)
    from kb.evaluation.evaluating import evaluate, make_plan

    plan = make_plan(
        measures, gates, depth, baselines=not no_baselines, drop_self=drop_self, saved_run=baseline, run_out=run_out
    )
    evaluations: list[Evaluation] = []
    others = [path for path in (baseline, run_out) if path]
    for knowledge_base, files in _subjects(session, paths, others, collection=collection):
        evaluation = evaluate(knowledge_base, files, plan, session.progress())
        evaluations.append(evaluation)
        for note in evaluation.notes:
            session.say(note)
        if not (as_json or as_markdown):
            from kb.terminal.evaluation import print_evaluation

            print_evaluation(evaluation, per_query=per_query)
    if as_json:
        click.echo(json_text({"evaluations": [found.as_json(per_query=per_query) for found in evaluations]}))
    if as_markdown:
        from kb.terminal.evaluation import markdown

        click.echo(markdown(evaluations), nl=False)
    return _verdict(session, evaluations)


def _check(paths: tuple[Path, ...], *, collection: bool, one_run: bool, two_forms: bool) -> None:
    if not collection and len(paths) != 2:
        raise click.UsageError("expected two files, QUERIES and QRELS, or --collection and folders")
    if collection and not paths:
        raise click.UsageError("--collection: expected one folder or more")
    if one_run and len(paths) > 1 and collection:
        raise click.UsageError("--baseline and --run-out are for one collection")
    if two_forms:
        raise click.UsageError("--json or --markdown, not both")


def _subjects(
    session: Session, paths: tuple[Path, ...], others: Sequence[Path], *, collection: bool
) -> Iterator[tuple[KnowledgeBase, Files]]:
    """Yield each index that is measured, and by what; `others` are files that are read or written besides."""
    from kb.evaluation.evaluating import Files

    if not collection:
        knowledge_base = session.knowledge_base()
        for path in (*paths, *others):
            refuse_link(path, knowledge_base.config.root)
        if changed := knowledge_base.upkeep.status().changed_since:
            lessons = "1 lesson has" if changed == 1 else f"{changed:,} lessons have"
            session.say(f"{lessons} changed since the index was built; run `kb reindex` to measure what is there now")
        yield knowledge_base, Files(knowledge_base.config.root.name, *paths)
        return
    from kb.evaluation.collection import Collection
    from kb.knowledge_base import KnowledgeBase

    for path in paths:
        found = Collection(path)
        knowledge_base = KnowledgeBase(found.prepared(), session.progress())
        session.name_problems(knowledge_base.reindex())
        yield knowledge_base, Files(found.name, found.queries, found.judgements)


def _verdict(session: Session, evaluations: list[Evaluation]) -> int:
    failed = [line for evaluation in evaluations for line in evaluation.failures()]
    for line in failed:
        session.say(line)
    return Exit.NOTHING if failed else Exit.DONE
