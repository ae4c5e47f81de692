"""`kb near-duplicates`."""

from __future__ import annotations

import click

from kb.alike.closeness import TO_MERGE
from kb.options.common import json_option
from kb.output.form import Form
from kb.output.keeper.near_duplicates import print_near_duplicates
from kb.session import Session


@click.command(
    "near-duplicates",
    epilog="""\b
Examples:
  kb near-duplicates
  kb near-duplicates --least 0.8           also parts of one series
  kb near-duplicates --json
""",
)
@click.option(
    "--least",
    type=click.FloatRange(0.5, 1),
    default=TO_MERGE,
    show_default=True,
    help="Least closeness of two lessons; 1: they say the same.",
)
@click.option("-n", "--limit", type=click.IntRange(1), default=20, show_default=True, help="Groups shown as text.")
@json_option
@click.pass_obj
def near_duplicates(session: Session, least: float, limit: int, form: Form) -> None:
    """Find lessons to merge, and show what each has that the others have not.

    Lessons that name each other under related, supersedes or reused are meant to stay, and not shown.
    """
    found = session.knowledge_base().overview.near_duplicates(least)
    print_near_duplicates(found, form, limit=limit, notify=session.notify)
