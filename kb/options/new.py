"""The options of `kb new`."""

from __future__ import annotations

import click

from kb.options.common import group

new_options = group(
    click.argument("title", nargs=-1, metavar="[TITLE|DRAFT]..."),
    click.option("--from", "notes", metavar="FILE", help="Begin with these notes, any Markdown or text; - is stdin."),
    click.option("--for", "gap", metavar="GAP", default="", help="Begin with the questions of a gap of `kb gaps`."),
    click.option("--ask", is_flag=True, help="Ask one question after the other; with a DRAFT, those still open."),
    click.option(
        "--template", "name", metavar="NAME", default="lesson", help="The template for the headings. Default: lesson."
    ),
    click.option("--no-edit", is_flag=True, help="Do not open an editor."),
)
