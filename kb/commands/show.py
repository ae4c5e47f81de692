"""`kb show`."""

from __future__ import annotations

import json
import os
import sys

import click

from ingest.kinds import Kind
from kb.session import Session


@click.command(
    epilog="""\b
Examples:
  kb show on-demand-brochures
  kb show on-demand-brochures --section tool
  kb show on-demand-brochures | less           the Markdown as it was written
""",
)
@click.argument("id_", metavar="ID")
@click.option("--section", type=click.Choice([kind.value for kind in Kind]), help="Only the sections of this kind.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def show(session: Session, id_: str, section: str | None, as_json: bool) -> None:
    """Show a lesson: whole, or its sections of one kind. ID is its id, or the path of its file."""
    knowledge_base = session.knowledge_base()
    lesson = knowledge_base.lesson(id_)
    text = knowledge_base.text(lesson, Kind(section) if section else None)
    if as_json:
        found = {"id": lesson.id, "title": lesson.title, "path": lesson.path, "metadata": lesson.metadata, "text": text}
        click.echo(json.dumps(found, ensure_ascii=False))
    elif sys.stdout.isatty():
        from kb.terminal import render_lesson

        os.environ.setdefault("LESS", "-FRX")
        click.echo_via_pager(render_lesson(lesson, text, facts=section is None), color=True)
    else:
        click.echo(text)
        if lesson.status in ("superseded", "retired"):
            session.say(": ".join(part for part in (f"{lesson.id} is {lesson.status}", lesson.status_because) if part))
