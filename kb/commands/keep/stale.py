"""`kb stale`."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from kb.errors import Exit
from kb.options.query import QueryCommand
from kb.options.stale import StaleOptions, stale_options
from kb.output.keeper.stale import print_stale
from kb.session import Session


@click.command(
    cls=QueryCommand,
    epilog="""\b
Examples:
  kb stale
  kb stale --only review --only people
  kb stale unit:warehouse --md             a work list for an issue tracker
  kb stale --urls --only address           addresses on the web that are gone
  kb stale --limit 100 --json
""",
)
@stale_options
@click.pass_obj
def stale(session: Session, /, **given: Any) -> int:
    """Show which lessons somebody must look at again, who, and why.

    Of each lesson: what grew old, who looks after it, and the command with which to begin. The most pressing come
    first: review dates that have passed, lessons that keep not helping, lessons that are used although they are
    superseded or retired, files that are gone, people who left, figures and tools that are too old. Each CONDITION,
    such as tag:sales, and each option restricts the lessons, as in kb list; see docs/stale.md.

    Nothing goes on the network without --urls. With it, each public address is asked directly, without a proxy.

    Exit code 0: nothing is stale; 1: something is; 3: addresses were asked and none answered.
    """
    options = StaleOptions.of(given)
    found = session.knowledge_base().overview.stale(options.request, date.today(), urls=options.urls)
    chosen = found.only(options.causes) if options.causes else found
    print_stale(chosen, options.limit, options.form, session.notify)
    if chosen.addresses and chosen.addresses.is_cut_off:
        return Exit.PARTLY_FAILED
    return Exit.NOTHING if chosen.lessons else Exit.DONE
