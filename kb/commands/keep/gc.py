"""`kb gc`."""

from __future__ import annotations

import click

from kb.options.common import json_option, wait_option
from kb.output.form import Form
from kb.output.upkeep.garbage import print_garbage
from kb.session import Session


@click.command(
    epilog="""\b
Examples:
  kb gc                         remove what is no longer used
  kb gc --dry-run               show what would be removed
  kb gc --collections           and the test collections of `kb eval`, which are made again when needed
""",
)
@click.option("--dry-run", is_flag=True, help="Remove nothing, show what would be removed.")
@click.option("--collections", is_flag=True, help="Remove this user's indexed test collections too.")
@wait_option
@json_option
@click.pass_obj
def gc(session: Session, dry_run: bool, collections: bool, wait: float, form: Form) -> None:
    """Remove what is no longer used: old snapshots, leftovers of stopped runs, vectors of deleted texts.

    The live snapshot, the last ones, and all that are being read stay. A reindex does most of this by itself.
    """
    upkeep = session.knowledge_base().upkeep
    print_garbage(upkeep.collect_garbage(collections=collections, remove=not dry_run, wait=wait), form)
