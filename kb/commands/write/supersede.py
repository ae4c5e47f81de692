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
@click.option("--because", metavar="TEXT", default="", help="Why; that NEW replaces it is recorded anyway.")
@click.pass_obj
def supersede(session: Session, old: str, new: str, because: str) -> int:
    """Record in both lessons that NEW replaces OLD: OLD stays findable, names NEW, and ranks below it.

    OLD and NEW are ids of lessons, or paths of their files. NEW gets OLD under `supersedes`; OLD becomes
    `superseded`, and who did it, when and why is written to its `history`. Both files are changed or neither; the
    commit is left to you. Their paths go to stdout, everything else to stderr. The index, if there is one, is
    updated at once.

    Exit code 3: the lessons or the index could not be changed; a message says which.
    """
    done = session.knowledge_base().life(date.today()).supersede(old, new, " ".join(because.split()))
    return session.settle(done)
