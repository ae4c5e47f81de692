"""`kb supersede`."""

from __future__ import annotations

from datetime import date

import click

from kb.session import Session


@click.command(
    epilog="""\b
Examples:
  kb supersede wrong-labels label-scanner
  kb supersede wrong-labels label-scanner --because "a scanner finds them all"
""",
)
@click.argument("old")
@click.argument("new")
@click.option("--because", metavar="TEXT", default="", help="Why; what it is replaced by is said anyway.")
@click.pass_obj
def supersede(session: Session, old: str, new: str, because: str) -> int:
    """Say in two lessons that NEW replaces OLD: OLD stays findable, says by what, and ranks below it.

    OLD and NEW are ids of lessons, or paths of their files. NEW gets OLD under `supersedes`; OLD becomes `superseded`,
    and who did it, when and why is written to its `history`. Both files are changed or neither; the commit is left to
    you. Their paths go to stdout, all else to stderr. The index, if there is one, has it at once.

    Exit code 3: the lessons could not be changed, or the index could not; it is said which.
    """
    done = session.knowledge_base().life(date.today()).supersede(old, new, " ".join(because.split()))
    return session.settle(done)
