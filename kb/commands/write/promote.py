"""`kb promote`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from kb.session import Session


@click.command(
    epilog="""\b
Examples:
  kb promote wrong-labels
  kb promote wrong-labels --review-by 2027-11-30
""",
)
@click.argument("id_", metavar="ID")
@click.option("--review-by", "until", metavar="DATE", help="Set the date by which somebody must check it again.")
@click.pass_obj
def promote(session: Session, id_: str, until: str | None) -> int:
    """Make a draft `validated`, if it has no error that a validated lesson must not have.

    ID is the lesson's id, or the path of its file. The file's front matter is changed, and who did it and when is
    written to its `history`; the commit is left to you. The path of the file goes to stdout, everything else to
    stderr. The index, if there is one, is updated at once. In a terminal it asks, once, which lessons were used.

    Exit code 0: it is validated; 1: there are errors, which are named, and nothing was changed; 3: the lesson or
    the index could not be changed; a message says which.
    """
    base, today = session.knowledge_base(), date.today()
    done = base.life(today).promote(id_, until)
    if done.paths and not session.quiet:
        from kb.terminal.sitting import ask_for_uses

        ask_for_uses(base.drafts(today).open(Path(done.paths[0])))
    return session.settle(done)
