"""`kb gaps`."""

from __future__ import annotations

import click

from kb.options.common import json_option
from kb.output.form import Form
from kb.output.keeper.gaps import print_gaps, print_shared
from kb.session import Session


@click.command(
    epilog="""\b
Examples:
  kb gaps                     what you asked and did not find, the most asked and latest first
  kb gaps --json --limit 50
  kb gaps --share             add your list to gaps.md, for git; docs/demand.md says what it tells
  kb new --for 2              begin the lesson for the second gap
""",
)
@click.option("-n", "--limit", type=click.IntRange(1, 1000), default=10, show_default=True, help="How many gaps.")
@click.option("--share", is_flag=True, help="Write your gaps to gaps.md beside kb.toml, for others.")
@json_option
@click.pass_obj
def gaps(session: Session, limit: int, share: bool, form: Form) -> None:
    """Show what people asked for and the library does not have, and what would close each gap.

    A gap is a group of questions that found only the nearest lessons, or were asked again at once in other words, or
    whose lessons nobody opened. Each is asked again first: what the library answers now is left out. The questions
    come from your own log, if they are noted (`kb demand`), and from the lists of others in gaps.md.

    A shared list shows a word only if at least three people have it; docs/demand.md says how, and what it cannot do.
    """
    base = session.knowledge_base()
    if share:
        print_shared(base.demand.share(), form, session.notify)
    else:
        print_gaps(base.demand.gaps(), limit, form, base.demand.state, session.notify)
