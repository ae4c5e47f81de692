"""`kb status`."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from kb.session import Session


@click.command(
    epilog="""\b
Examples:
  kb status
  kb status --json
""",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def status(session: Session, as_json: bool) -> None:
    """Show how the index stands: lessons, model, age, what changed since, size.

    Exit code 5: there is no index, or none that can be read.
    """
    found = session.knowledge_base().status()
    if as_json:
        click.echo(json.dumps(asdict(found), ensure_ascii=False))
    else:
        from kb.terminal import print_status

        print_status(found)
