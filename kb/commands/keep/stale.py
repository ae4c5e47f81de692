"""`kb stale`."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from kb.ageing.reason import CAUSES, Cause
from kb.errors import Exit
from kb.options.common import form_options
from kb.options.query import QueryCommand, filter_options, line_of
from kb.output.form import Form
from kb.output.keeper.stale import print_stale
from kb.retrieval.listing import ListRequest
from kb.retrieval.request import FilterOptions
from kb.session import Session


@click.command(
    cls=QueryCommand,
    epilog="""\b
Examples:
  kb stale
  kb stale --only review --only people
  kb stale unit:warehouse --md             a work list for an issue tracker
  kb stale --limit 100 --json
""",
)
@click.argument("conditions", nargs=-1, metavar="[CONDITION]...")
@filter_options
@click.option(
    "--only", "causes", multiple=True, type=click.Choice([cause.value for cause in CAUSES]), help="Only this cause."
)
@click.option("-n", "--limit", type=click.IntRange(1), default=20, show_default=True, help="How many lessons.")
@form_options(json="Print one JSON object.", md="Print a Markdown list of tasks.")
@click.pass_obj
def stale(
    session: Session, /, conditions: tuple[str, ...], causes: tuple[str, ...], limit: int, form: Form, **filters: Any
) -> int:
    """Show which lessons somebody must look at again, who, and why.

    Of each lesson: what grew old, who looks after it, and the command with which to begin. The most pressing come
    first: review dates that have passed, lessons that keep not helping, lessons that are used although they are
    superseded or retired, files that are gone, people who left, figures and tools that are too old. Each CONDITION,
    such as tag:sales, and each option restricts the lessons, as in kb list; see docs/stale.md.

    Exit code 0: nothing is stale; 1: something is.
    """
    request = ListRequest(line_of(conditions), FilterOptions(**filters))
    found = session.knowledge_base().overview.stale(request, date.today())
    chosen = found.only([Cause(cause) for cause in causes]) if causes else found
    print_stale(chosen, limit, form, session.notify)
    return Exit.NOTHING if chosen.lessons else Exit.DONE
