"""`kb list`."""

from __future__ import annotations

import json

import click

from kb.session import Session


@click.command(
    "list",
    epilog="""\b
Examples:
  kb list
  kb list --json
""",
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array.")
@click.pass_obj
def list_(session: Session, as_json: bool) -> None:
    """List the lessons, the newest first, those without a date last."""
    lessons = session.knowledge_base().lessons()
    if as_json:
        found = [
            {
                "id": lesson.id,
                "title": lesson.title,
                "path": lesson.path,
                "date": lesson.date,
                "status": lesson.status or None,
                "tags": list(lesson.tags),
                "unit": lesson.unit or None,
            }
            for lesson in lessons
        ]
        click.echo(json.dumps(found, ensure_ascii=False))
    else:
        from kb.terminal import print_list

        print_list(lessons)
