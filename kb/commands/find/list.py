"""`kb list`."""

from __future__ import annotations

import sys
from typing import Any

import click

from kb.errors import Exit
from kb.lessons.listing import Order, in_order, listed
from kb.query_options import QueryCommand, filter_options, line_of
from kb.retrieval.request import FilterOptions
from kb.session import Session
from kb.visible import json_text
from kb.wording import counted


@click.command(
    "list",
    cls=QueryCommand,
    epilog="""\b
Examples:
  kb list
  kb list --tag measurement --sort title
  kb list status:validated unit:toyota     what the front matter says, as in kb search
  kb list -status:retired 'review_by:<2028'
  kb list --limit 10 --json
""",
)
@click.argument("conditions", nargs=-1, metavar="[CONDITION]...")
@filter_options
@click.option("-n", "--limit", type=click.IntRange(1), help="How many lessons. Default: all.")
@click.option(
    "--sort",
    type=click.Choice([order.value for order in Order]),
    default=Order.DATE.value,
    show_default=True,
    help="Date: the newest first; status: from draft to retired; else from A to Z.",
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array.")
@click.pass_obj
def list_(
    session: Session, /, conditions: tuple[str, ...], limit: int | None, sort: str, as_json: bool, **filters: Any
) -> int:
    """List the lessons, the newest first, those without a date last.

    Each CONDITION, such as tag:sales, and each option restricts them, as in kb search.

    Exit code 1: no lesson meets the conditions.
    """
    options, line = FilterOptions(**filters), line_of(conditions)
    found, notes = session.knowledge_base().lessons_meeting(options, line)
    lessons = in_order(found, Order(sort))[:limit]
    for note in notes:
        session.say(note)
    if len(lessons) < len(found):
        session.say(f"{counted(len(found), 'lesson')}; here are the first {len(lessons):,}; see --limit")
    if as_json:
        click.echo(json_text([listed(lesson) for lesson in lessons]))
    elif sys.stdout.isatty():
        from kb.terminal.lessons import render_list

        session.page(render_list(lessons))
    else:
        for lesson in lessons:
            click.echo("\t".join((lesson.date or "", lesson.id, lesson.status, lesson.title)))
    return Exit.DONE if found or not (options or line) else Exit.NOTHING
