"""`kb hook uninstall`."""

from __future__ import annotations

from pathlib import Path

import click

from kb.errors import Exit
from kb.output.form import print_text
from kb.session import Session


@click.command(
    epilog="""\b
Examples:
  kb hook uninstall                        in the repository of the working directory
  kb --root ~/lessons hook uninstall ~/shop
""",
)
@click.argument("folder", type=click.Path(file_okay=False, exists=True, path_type=Path), default=".", metavar="[DIR]")
@click.pass_obj
def uninstall(session: Session, folder: Path) -> int:
    """Remove the git hook that `kb hook install` has installed."""
    if path := session.knowledge_base().hooks.message_hook(folder).uninstall():
        print_text(f"removed {path}")
    else:
        session.notify("no hook of this knowledge base is installed there")
    return Exit.DONE
