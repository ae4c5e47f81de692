"""`kb retire`."""

from __future__ import annotations

from datetime import date

import click

from kb.session import Session


@click.command(
    epilog="""\b
Examples:
  kb retire wrong-labels --because "the label printer is gone"
""",
)
@click.argument("id_", metavar="ID")
@click.option("--because", metavar="TEXT", required=True, help="Why it is no longer true or useful.")
@click.pass_obj
def retire(session: Session, id_: str, because: str) -> int:
    """Mark a lesson as no longer true or useful: it stays findable, says why, and ranks lower.

    ID is the lesson's id, or the path of its file. The file's front matter is changed, and who did it, when and why
    is written to its `history`; the commit is left to you. The path of the file goes to stdout, everything else to
    stderr. The index, if there is one, is updated at once.

    Exit code 3: the lesson or the index could not be changed; a message says which.
    """
    done = session.knowledge_base().life(date.today()).retire(id_, because)
    return session.settle(done)
