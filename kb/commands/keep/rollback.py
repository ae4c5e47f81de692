"""`kb rollback`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from kb.session import Session
from kb.visible import json_text
from kb.wording import counted

if TYPE_CHECKING:
    from kb.upkeep.rollback import Kept


@click.command(
    epilog="""\b
Examples:
  kb rollback                   to the snapshot before the live one
  kb rollback --list            what there is
  kb rollback 20261122T0217     to this one; the beginning of its id is enough
""",
)
@click.argument("snapshot", metavar="[ID]", required=False)
@click.option("--list", "listed", is_flag=True, help="Show the snapshots that are kept, and change nothing.")
@click.option("--wait", metavar="SECONDS", type=click.FloatRange(0), default=0.0, help="Wait for another writer.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def rollback(session: Session, snapshot: str | None, listed: bool, wait: float, as_json: bool) -> None:
    """Answer from an earlier snapshot again, if every byte of it is sound.

    Lessons and configuration stay as they are, so the next reindex brings the index up to date again.

    Exit code 5: that snapshot is damaged, or there is no index.
    """
    base = session.knowledge_base()
    if not listed:
        live = base.roll_back(snapshot, wait=wait).manifest
        session.say(f"{live.id} is live, built {live.built}; the next `kb reindex` brings the index up to date again")
        if not as_json:
            return
    kept = base.snapshots()
    if as_json:
        click.echo(json_text({"snapshots": [asdict(one) for one in kept]}))
    else:
        for one in kept:
            click.echo(_line(one))


def _line(one: Kept) -> str:
    mark = "live" if one.live else "    "
    if one.problem:
        return f"{one.id}  {mark}  cannot be opened: {one.problem}"
    commit = f"  commit {one.commit[:12]}" if one.commit else ""
    return f"{one.id}  {mark}  built {one.built}  {counted(one.lessons, 'lesson')}{commit}"
