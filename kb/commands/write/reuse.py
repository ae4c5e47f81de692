"""`kb reuse`."""

from __future__ import annotations

from datetime import date

import click

from ingest.format import OUTCOMES
from kb.options.common import json_option
from kb.output.form import Form
from kb.output.keeper.reuse import printing_of
from kb.reuse.request import ReuseRequest
from kb.session import Session


@click.command(
    epilog="""\b
Examples:
  kb reuse wrong-labels --in boxes-by-size --outcome helped
  kb reuse 1 --in "Warehouse South, October" --outcome helped --saved "12 days"
  kb reuse price-list --in late-invoices --outcome did-not-help --note "our prices change daily"
""",
)
@click.argument("lesson", metavar="ID")
@click.option("--in", "where", metavar="ID|TEXT", required=True, help="The later lesson, or where it was used.")
@click.option("--outcome", type=click.Choice(OUTCOMES), required=True, help="Whether it helped there.")
@click.option("--note", metavar="TEXT", default="", help="How it helped, or why not.")
@click.option("--saved", metavar="AMOUNT", default="", help="What it saved, with a unit: '12 days'.")
@json_option
@click.pass_obj
def reuse(session: Session, lesson: str, where: str, outcome: str, note: str, saved: str, form: Form) -> int:
    """Record that a lesson was used in a later intervention, and whether it helped.

    ID is the lesson that was used, named as for `kb show`; a number is a hit of the last search in this terminal. If
    --in is the id or the file of a lesson, that lesson gets the use under `reused`. Any other text is recorded in a
    file in the folder reuse/, beside the lessons, to which git merges the lines of several people. A lesson without a
    written `id` gets one, so that its uses stay with it when its file is moved. The commit is left to you.

    Searches, briefs and `kb show` then say how often a lesson was used, and whether it helped.

    Exit code 3: a file or the index could not be changed; a message says which.
    """
    base = session.knowledge_base()
    request = ReuseRequest.typed(lesson, where, outcome, note, saved)._replace(last=session.last_hits(base))
    reused = base.reuse(request, date.today())
    return session.settle(reused.outcome, printing_of(reused, form))
