"""`kb promote`."""

from __future__ import annotations

from datetime import date

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
    stderr. The index, if there is one, is updated at once.

    Exit code 0: it is validated; 1: there are errors, which are named, and nothing was changed; 3: the lesson or
    the index could not be changed; a message says which.
    """
    done = session.knowledge_base().life(date.today()).promote(id_, until)
    return session.settle(done)
