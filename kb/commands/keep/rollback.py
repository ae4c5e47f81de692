"""`kb rollback`."""

from __future__ import annotations

import click

from kb.options.common import json_option, wait_option
from kb.output.form import Form
from kb.output.upkeep.snapshots import print_snapshots
from kb.session import Session


@click.command(
    epilog="""\b
Examples:
  kb rollback                   to the snapshot before the live one
  kb rollback --list            the snapshots that are kept
  kb rollback 20261122T0217     to this one; the beginning of its id is enough
""",
)
@click.argument("snapshot", metavar="[ID]", required=False)
@click.option("--list", "listed", is_flag=True, help="Show the snapshots that are kept, and change nothing.")
@wait_option
@json_option
@click.pass_obj
def rollback(session: Session, snapshot: str | None, listed: bool, wait: float, form: Form) -> None:
    """Answer from an earlier snapshot again, if every byte of it is sound.

    Lessons and configuration stay as they are, so the next reindex brings the index up to date again.

    Exit code 5: that snapshot is damaged, or there is no index.
    """
    upkeep = session.knowledge_base().upkeep
    if not listed:
        live = upkeep.roll_back(snapshot, wait=wait).manifest
        session.notify(
            f"{live.id} is live, built {live.built}; the next `kb reindex` brings the index up to date again"
        )
    if listed or form:
        print_snapshots(upkeep.snapshots(), form)
