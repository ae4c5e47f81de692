"""`kb hook commit-message`, which the git hook calls."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kb.errors import Exit
from kb.hooks.change import Change
from kb.hooks.deadline import harmless
from kb.hooks.hooks import SECONDS
from kb.session import Session
from kb.system.threads import start_no_threads

_MOST_BYTES = 1_000_000


@click.command(
    hidden=True,
    epilog="""\b
Examples:
  git diff --cached --name-only -z | kb hook commit-message .git/COMMIT_EDITMSG fix/labels
""",
)
@click.argument("message", type=click.Path(path_type=Path))
@click.argument("branch", default="")
@click.option("--seconds", type=float, default=SECONDS)
@click.pass_obj
def commit_message(session: Session, message: Path, branch: str, seconds: float) -> int:
    """Add the closest lesson to the commit message in a file, if one helps.

    Standard input names the changed paths, each ended by a NUL byte. The exit code is 0 whatever happens.
    """
    start_no_threads()
    with harmless(seconds, session.notify):
        paths = sys.stdin.buffer.read(_MOST_BYTES).decode("utf-8", "replace").split("\0")
        change = Change(branch=branch, paths=tuple(filter(None, paths)))
        session.knowledge_base().hooks.annotate(message, change)
    return Exit.DONE
