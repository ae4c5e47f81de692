"""`kb weekly`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from kb.options.common import form_options, out_option
from kb.output.form import Form
from kb.output.keeper.weekly import print_weekly
from kb.session import Session
from kb.system.threads import start_no_threads


@click.command(
    epilog="""\b
Examples:
  kb weekly                          what the keeper of the library must know and do this week
  kb weekly --since "30 days ago"    what came in during a month; all else is as of today
  kb weekly --html --out week.html   a page for others
""",
)
@click.option("--since", metavar="WHEN|COMMIT", help="What came in since then.  [default: 7 days ago]")
@out_option
@form_options(html="Print a page for a browser.", json="Print one JSON object.")
@click.pass_obj
def weekly(session: Session, since: str | None, out: Path | None, form: Form) -> None:
    """Make one page of what came in, what to review, to write and to merge, and what helped.

    It joins what `kb digest`, `kb stale`, `kb gaps`, `kb near-duplicates` and `kb map` say. Each list has its first
    entries, and the command that lists all. Needs that only you asked for are on your own screen only: with --out,
    --html or --json there are those that three people share.
    """
    start_no_threads()
    base = session.knowledge_base()
    if out:
        session.refuse_output(base, out)
    now, for_others = datetime.now(UTC), bool(out or form)
    print_weekly(base.weekly(now).made(now.date(), since, for_others=for_others), form, out, session.notify)
