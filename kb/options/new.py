"""The options of `kb new`."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import click

from kb.options.common import group, json_option
from kb.output.form import Form

new_options = group(
    click.argument("title", nargs=-1, metavar="[TITLE|DRAFT]..."),
    click.option("--from", "notes", metavar="FILE", help="Begin with these notes, any Markdown or text; - is stdin."),
    click.option("--for", "gap", metavar="GAP", default="", help="Begin with the questions of a gap of `kb gaps`."),
    click.option("--ask", is_flag=True, help="Ask one question after the other; with a DRAFT, those still open."),
    click.option(
        "--template", "name", metavar="NAME", default="lesson", help="The template for the headings. Default: lesson."
    ),
    click.option("--no-edit", is_flag=True, help="Do not open an editor."),
    json_option,
)


class NewOptions(NamedTuple):
    """The options given to `kb new`."""

    title: str
    notes: str | None
    gap: str
    ask: bool
    name: str
    """Of the template."""
    no_edit: bool
    form: Form

    @classmethod
    def of(cls, given: dict[str, Any]) -> NewOptions:
        """Make the options from click's parameters; raises `click.UsageError` if they contradict each other."""
        options = cls(" ".join(given.pop("title")), **given)
        title, ask = options.title, options.ask
        if not ask and title.endswith(".md") and Path(title).is_file():  # whoever names a file means no title
            raise click.UsageError(
                f"{title} is a file; to go on with it: kb new --ask FILE; as notes: kb new --from FILE"
            )
        if ask and options.form:
            raise click.UsageError("--ask asks a person, --json asks nobody; leave one out")
        return options

    def refuse_beginning(self, draft: str) -> None:
        """Raise `click.UsageError` for options that begin a lesson, as this draft exists."""
        if self.notes or self.gap:
            option = "--from" if self.notes else "--for"
            raise click.UsageError(f"{option} begins a new lesson, and {draft} exists already; leave one out")
