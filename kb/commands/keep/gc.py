"""`kb gc`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from kb.session import Session
from kb.visible import json_text
from kb.wording import size_in_words

if TYPE_CHECKING:
    from kb.upkeep.garbage import Garbage


@click.command(
    epilog="""\b
Examples:
  kb gc                         remove what nothing names any more
  kb gc --dry-run               what that would be
  kb gc --collections           and the test collections of `kb eval`, which are made again when needed
""",
)
@click.option("--dry-run", is_flag=True, help="Remove nothing, say what would be.")
@click.option("--collections", is_flag=True, help="Remove this user's indexed test collections too.")
@click.option("--wait", metavar="SECONDS", type=click.FloatRange(0), default=0.0, help="Wait for another writer.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def gc(session: Session, dry_run: bool, collections: bool, wait: float, as_json: bool) -> None:
    """Remove what nothing names: old snapshots, leftovers of stopped runs, vectors of texts that are gone.

    The live snapshot and the last ones stay, and whatever is being read. A reindex does most of this by itself.
    """
    from kb.evaluation.collection import collections_size, remove_collections

    found = session.knowledge_base().collect_garbage(remove=not dry_run, wait=wait)
    size = collections_size()
    if collections and not dry_run:
        remove_collections()
    if as_json:
        click.echo(json_text({**asdict(found), "collections": size}))
        return
    for line in _lines(found):
        click.echo(line)
    if size:
        fate = "not removed; --collections does" if not collections else "too"
        click.echo(f"{size_in_words(size)} of test collections in this user's cache: {fate}")


def _lines(found: Garbage) -> Iterator[str]:
    for id_ in found.snapshots:
        yield f"snapshot {id_}"
    for id_ in found.in_use:
        yield f"snapshot {id_}: stays, it is being read"
    if found.leftovers:
        yield f"leftovers of stopped runs: {found.leftovers:,}"
    if found.note:
        yield f"no vector: {found.note}"
    elif found.vectors:
        yield f"vectors of texts that are gone: {found.vectors:,} ({found.vectors_kept:,} stay)"
    yield f"{'freed' if found.removed else 'would free'} {size_in_words(found.bytes)}"
