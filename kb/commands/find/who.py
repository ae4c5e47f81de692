"""`kb who`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click

from kb.errors import Exit
from kb.options.common import json_option
from kb.options.query import QueryCommand, file_option, filter_options, mode_option, request_of
from kb.output.form import Form
from kb.output.people import print_people
from kb.session import Session
from kb.system.threads import start_no_threads


@click.command(
    cls=QueryCommand,
    epilog="""\b
Examples:
  kb who "brochure errors"
  kb who --tag sales "plans cannot be compared"
  kb who kind:tool unit:toyota             whom to ask about lessons with tools
  kb who -f mail.txt                       the problem is a page; `-` reads standard input
  kb who Jaworski                          a person, and who worked with them
""",
)
@click.argument("query", nargs=-1, metavar="[QUERY]...")
@click.option("-n", "--limit", type=click.IntRange(1, 1000), help="How many people. Default: 5, or kb.toml's.")
@filter_options
@file_option
@mode_option
@json_option
@click.pass_obj
def who(session: Session, /, limit: int | None, form: Form, **given: Any) -> int:
    """Find the people to ask about a problem, described in your own words.

    They are the people whom the lessons for this problem name, and their authors by git. The people of the lessons that
    fit best come first. Instead of somebody who has left, the successor is shown, or else the learning professional
    of the unit, or the owner of the library. The file people.md beside kb.toml says who has left, who took over, and
    who does not want to be named; see docs/people.md.

    Exit code 0: a lesson that answers or may help names somebody; 1: only the nearest lessons do, or none.
    """
    start_no_threads()
    request = request_of(given)
    base = session.knowledge_base()
    session.refuse_links(base, [given["file"]] if given["file"] else [])
    with base.open(request.mode, on_report=session.name_problems) as index:
        found = index.who(replace(request, limit=limit or base.config.limit))
        print_people(found, form, index.changes, session.notify)
    return Exit.DONE if found.is_helpful else Exit.NOTHING
