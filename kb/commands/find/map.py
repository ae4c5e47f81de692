"""`kb map`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from kb.errors import Exit
from kb.options.common import form_options, out_option
from kb.options.query import QueryCommand, filter_options, line_of
from kb.output.form import Form
from kb.output.keeper.topics import FORMS, Wanted, print_map
from kb.retrieval.listing import ListRequest
from kb.retrieval.request import FilterOptions
from kb.session import Session
from kb.topics.facts import By, MapRequest


@click.command(
    "map",
    cls=QueryCommand,
    epilog="""\b
Examples:
  kb map
  kb map --by unit
  kb map --topic 7                         one topic with its lessons; also by a word of its name
  kb map --since 2020 unit:sales           only these lessons, in the same topics
  kb map --html --out map.html             a page to look at and to search in
""",
)
@click.argument("conditions", nargs=-1, metavar="[CONDITION]...")
@filter_options
@click.option("--by", type=click.Choice([by.value for by in By]), help="Count the lessons of each topic so too.")
@click.option("--topic", metavar="NAME|NUMBER", default="", help="Only this topic with its lessons, or this subject.")
@out_option
@form_options(**{form: writer.help for form, writer in FORMS.items()})
@click.pass_obj
def map_(
    session: Session, /, conditions: tuple[str, ...], by: str, topic: str, out: Path | None, form: Form, **filters: Any
) -> int:
    """Show the topics of the library, what each has, and where it is thin.

    A lesson stays in its topic, and a topic keeps its number, as long as the library does not change much.

    Exit code 1: no lesson meets the conditions.
    """
    if (out and form is None) or (topic and form == "html"):
        raise click.UsageError("--out needs --html or --json." if out else "--html shows all topics, without --topic.")
    base = session.knowledge_base()
    if out:
        session.refuse_output(base, out)
    request = MapRequest(ListRequest(line_of(conditions), FilterOptions(**filters)))
    found = base.overview.map(request, datetime.now(UTC).date())
    print_map(found, Wanted(form, By(by) if by else None, topic, out, base.config.root), session.notify)
    return Exit.DONE if found.topics or not request.lessons.is_restricted else Exit.NOTHING
