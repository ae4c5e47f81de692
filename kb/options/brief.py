"""The options of `kb brief`."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any, NamedTuple

import click

from kb.options.common import form_options, group
from kb.options.query import file_option, filter_options, query_of
from kb.output.form import Form
from kb.retrieval.request import FilterOptions, Request
from kb.system.query_file import STANDARD_INPUT

brief_options = group(
    click.argument("query", nargs=-1, metavar="[QUERY]..."),
    click.option("--like", metavar="ID|FILE", help="The problem is that of a lesson, or of a draft: more like this."),
    file_option,
    filter_options,
    click.option("--refresh", is_flag=True, help="Bring the index up to date first."),
    form_options(json="Print one JSON object instead of Markdown."),
    click.option("--out", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write it to a file."),
)


class BriefOptions(NamedTuple):
    """The options given to `kb brief`."""

    request: Request
    """Empty with `like`."""
    like: str | None
    file: str | None
    refresh: bool
    form: Form
    out: Path | None

    @classmethod
    def of(cls, given: dict[str, Any]) -> BriefOptions:
        """Make the options from click's parameters, and validate them.

        Raises `click.UsageError`, `UnreadableQuery` and `QueryError`.
        """
        filters = FilterOptions(**{field.name: given.pop(field.name) for field in fields(FilterOptions)})
        query = given.pop("query")
        if given["like"] and (query or given["file"] or filters):
            raise click.UsageError("--like names the problem; leave QUERY, --file and filters out.")
        if not (query or given["file"] or given["like"]):
            raise click.UsageError("Missing argument 'QUERY...'.")
        text, is_page = query_of(query, given["file"])
        request = Request(text, is_page, filters)
        if not given["like"]:
            request.check()
        return cls(request, **given)

    @property
    def files(self) -> tuple[str, ...]:
        """The names of the files given, without standard input."""
        return tuple(str(name) for name in (self.file, self.out) if name and name != STANDARD_INPUT)
