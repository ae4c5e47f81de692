"""`kb list`."""

from __future__ import annotations

from typing import Any

import click

from kb.errors import Exit
from kb.lessons.listing import Order
from kb.options.common import form_options
from kb.options.query import QueryCommand, filter_options, line_of
from kb.output.form import Form
from kb.output.listing import print_listing
from kb.retrieval.listing import ListRequest
from kb.retrieval.request import FilterOptions
from kb.session import Session


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
    help="Date: the newest first; status: from draft to retired; others from A to Z.",
)
@form_options(json="Print a JSON array.")
@click.pass_obj
def list_(
    session: Session, /, conditions: tuple[str, ...], limit: int | None, sort: str, form: Form, **filters: Any
) -> int:
    """List the lessons, the newest first, those without a date last.

    Each CONDITION, such as tag:sales, and each option restricts them, as in kb search.

    Exit code 1: no lesson meets the conditions.
    """
    request = ListRequest(line_of(conditions), FilterOptions(**filters), Order(sort), limit)
    listing = session.knowledge_base().listing(request)
    print_listing(listing, form, page=session.page, notify=session.notify)
    return Exit.DONE if listing.found or not request.is_restricted else Exit.NOTHING
