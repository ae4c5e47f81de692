"""`kb hook install`."""

from __future__ import annotations

from pathlib import Path

import click

from kb.errors import Exit
from kb.hooks.hooks import SECONDS
from kb.output.form import print_text
from kb.session import Session


@click.command(
    epilog="""\b
Examples:
  kb hook install                          in the repository of the working directory
  kb --root ~/lessons hook install ~/shop  in another one, with the lessons of ~/lessons
  kb hook install --print                  to add it to a hook that you have
""",
)
@click.argument("folder", type=click.Path(file_okay=False, exists=True, path_type=Path), default=".", metavar="[DIR]")
@click.option("--print", "prints", is_flag=True, help="Print the hook instead.")
@click.option(
    "--seconds", type=click.FloatRange(0.1, 60), default=SECONDS, show_default=True, help="How long a commit may wait."
)
@click.pass_obj
def install(session: Session, folder: Path, prints: bool, seconds: float) -> int:
    """Install a git hook that shows the closest lesson when a commit message is written.

    The hook `prepare-commit-msg` searches with the name of the branch and the paths that are committed. A lesson
    that answers or may help is added as comment lines, which git removes. It does nothing with -m, --amend, merges,
    rebases and in CI, and can fail no commit. A hook that is there already is left as it is.
    """
    hook = session.knowledge_base().hooks.message_hook(folder, seconds)
    if prints:
        print_text(hook.text, end="")
    elif path := hook.install():
        print_text(f"wrote {path}")
    else:
        session.notify("it is there already")
    return Exit.DONE
