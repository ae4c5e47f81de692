"""`kb eval`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from kb.evaluation.files import Files
from kb.options.evaluation import EvalOptions, eval_options
from kb.output.evaluation import print_evaluations
from kb.session import Session

if TYPE_CHECKING:
    from kb.evaluation.evaluation import Evaluation


@click.command(
    "eval",
    epilog="""\b
Examples:
  kb eval queries.tsv qrels.tsv                         how good the live index is
  kb eval queries.tsv qrels.tsv --gate "nDCG@10>=0.70"  exit code 1 below that, for CI
  kb eval queries.tsv qrels.tsv --run-out before.run    keep the rankings ...
  kb eval queries.tsv qrels.tsv --baseline before.run   ... and see later what changed
  kb eval --from-demand                                 with your own questions that led to a lesson
  kb eval --collection scifact cisi --markdown          public test collections, as rows for a README
""",
)
@eval_options
@click.pass_obj
def eval_(session: Session, /, **given: Any) -> int:
    """Measure how well queries find the lessons that were judged relevant to them.

    QUERIES: JSON lines with _id and text, or lines of id, tab and text, or TREC topics. QRELS: query, lesson and
    grade in columns, as in BEIR or TREC; a grade above 0 is relevant, a lesson is named by its id or path. Hybrid
    search is compared with words only, meaning only, and a grep over the files.

    Exit code 0: measured; 1: below a gate, or the index is empty.
    """
    options = EvalOptions(**given)
    return print_evaluations(
        _evaluated(session, options), options.form, per_query=options.per_query, notify=session.notify
    )


def _evaluated(session: Session, options: EvalOptions) -> Iterator[Evaluation]:
    """Measure the index, or each collection in an index of its own."""
    plan = options.plan()
    if options.from_demand or options.collection:
        own = [session.own_questions(options.paths)] if options.from_demand else []
        for base, files in own or map(session.collection, options.paths):
            yield base.evaluate(files, plan)
        return
    base = session.knowledge_base()
    yield base.evaluate(Files(base.config.root.name, *options.paths), plan)
