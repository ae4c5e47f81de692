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

    It has the same rules for keys and values as `kb check --select structure`. It is JSON Schema 2020-12; the same
    file is in kb's repository, as schema/lesson.schema.json.
    """
    print_schema()
    return Exit.DONE
