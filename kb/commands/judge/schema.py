"""`kb schema`."""

from __future__ import annotations

import click

from kb.errors import Exit
from kb.forms.published import PUBLISHED
from kb.output.schema import print_schema


@click.command(
    epilog=f"""Answers: {", ".join(PUBLISHED)}

\b
Examples:
  kb schema > lesson.schema.json             for an editor that completes and checks front matter
  kb schema search > search.schema.json      for a program that reads kb search --json
""",
)
@click.argument("answer", type=click.Choice([*PUBLISHED]), required=False, metavar="[ANSWER]")
def schema(answer: str | None) -> int:
    """Print the JSON Schema of front matter, or of what a command prints as JSON.

    ANSWER names what is printed; most have the name of their command. Without one, it is the schema of front matter.
    It has the same rules for keys and values as `kb check --select structure`; the same file is in kb's repository, as
    schema/lesson.schema.json. All are JSON Schema 2020-12.
    """
    print_schema(answer)
    return Exit.DONE
