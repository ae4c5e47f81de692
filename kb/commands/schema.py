"""`kb schema`."""

from __future__ import annotations

import click

from kb.errors import Exit


@click.command(
    epilog="""\b
Examples:
  kb schema > lesson.schema.json             for an editor that completes and checks front matter
""",
)
def schema() -> int:
    """Print the JSON Schema of a lesson's front matter.

    It says of keys and values what `kb check --select structure` says of them. It is JSON Schema 2020-12; the same file
    lies in kb's repository, as schema/lesson.schema.json.
    """
    import json

    from kb.schema import schema

    click.echo(json.dumps(schema(), indent=2, ensure_ascii=False))
    return Exit.DONE
