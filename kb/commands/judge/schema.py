"""`kb schema`."""

from __future__ import annotations

import click

from kb.errors import Exit
from kb.output.schema import print_schema


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
    print_schema()
    return Exit.DONE
