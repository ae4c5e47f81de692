"""`kb impact`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from kb.errors import Exit
from kb.gains.gains import ImpactRequest
from kb.gains.report import By
from kb.options.common import form_options, out_option
from kb.options.query import QueryCommand, filter_options, line_of
from kb.output.form import Form
from kb.output.impact import FORMS, print_impact
from kb.retrieval.listing import ListRequest
from kb.retrieval.request import FilterOptions
from kb.session import Session


@click.command(
    "impact",
    cls=QueryCommand,
    epilog="""\b
Examples:
  kb impact
  kb impact --by year unit:toyota
  kb impact 'evidence:>=B'                 only lessons whose impact is well shown
  kb impact --csv > impact.csv
  kb impact --html --out impact.html       a page for a sponsor
""",
)
@click.argument("conditions", nargs=-1, metavar="[CONDITION]...")
@filter_options
@click.option("--by", type=click.Choice([by.value for by in By]), default=By.AREA.value, show_default=True)
@click.option("-n", "--limit", type=click.IntRange(1), default=10, show_default=True, help="Entries shown as text.")
@out_option
@form_options(**{form: writer.help for form, writer in FORMS.items()})
@click.pass_obj
def impact(
    session: Session, /, conditions: tuple[str, ...], by: str, limit: int, out: Path | None, form: Form, **filters: Any
) -> int:
    """Show what the interventions brought, and how well that is shown.

    Money is added up where currency and period are the same; of other figures the median is shown.

    Exit code 1: no lesson meets the conditions.
    """
    if out and form is None:
        raise click.UsageError("--out needs --html, --csv or --json.")
    knowledge_base = session.knowledge_base()
    if out:
        session.refuse_output(knowledge_base, out)
    request = ImpactRequest(ListRequest(line_of(conditions), FilterOptions(**filters)), By(by))
    report = knowledge_base.overview.impact(request)
    print_impact(report, form, limit=limit, out=out, notify=session.notify)
    return Exit.DONE if report.lessons or not request.lessons.is_restricted else Exit.NOTHING
