"""`kb init`."""

from __future__ import annotations

from pathlib import Path

import click

from kb.session import Session


@click.command(
    epilog="""\b
Examples:
  kb init                       here
  kb init ~/our-lessons         in another folder, which is made if it does not exist
""",
)
@click.argument("directory", metavar="[DIR]", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.pass_obj
def init(session: Session, directory: Path | None) -> None:
    """Make a knowledge base: kb.toml, a folder of lessons with one example, templates, .gitignore.

    Existing files are not changed.
    """
    from kb.codify.starter import make_knowledge_base, refuse_link_of_clone

    if directory:
        refuse_link_of_clone(directory)
    for path in make_knowledge_base(directory or Path(session.root or ".")):
        click.echo(f"made {path}")
    session.notify("write lessons with `kb new`, then ask: kb search ...")
