"""`kb review`."""

from __future__ import annotations

from datetime import date

import click

from kb.session import Session


@click.command(
    epilog="""\b
Examples:
  kb review wrong-labels --until 2028-05-31
""",
)
@click.argument("id_", metavar="ID")
@click.option(
    "--until", metavar="DATE", required=True, help="The date by which somebody must check it again; in the future."
)
@click.pass_obj
def review(session: Session, id_: str, until: str) -> int:
    """Record that a lesson is still true, and when to check it again.

    ID is the lesson's id, or the path of its file. Its `review_by` is changed, and who checked it and when is
    written to its `history`; the commit is left to you. The path of the file goes to stdout, everything else to
    stderr. The index, if there is one, is updated at once.

    Exit code 3: the lesson or the index could not be changed; a message says which.
    """
    done = session.knowledge_base().life(date.today()).review(id_, until)
    return session.settle(done)
