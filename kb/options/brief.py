"""The options of `kb brief`."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import click

from kb.options.common import form_options, group, out_option
from kb.options.query import file_option, filter_options, filters_of, request_of
from kb.output.form import Form
from kb.retrieval.request import Request

brief_options = group(
    click.argument("query", nargs=-1, metavar="[QUERY]..."),
    click.option("--like", metavar="ID|FILE", help="Cases like a lesson or a draft; in place of QUERY."),
    file_option,
    filter_options,
    click.option("--refresh", is_flag=True, help="Bring the index up to date first."),
    form_options(
        json="Print one JSON object instead of Markdown.", html="Print a page for a browser or a printer instead."
    ),
    out_option,
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
        if given["like"] is None:
            return cls(request_of(given), **given)
        if given.pop("query") or given["file"] or filters_of(given):
            raise click.UsageError("--like names the problem; leave QUERY, --file and filters out.")
        return cls(Request(), **given)
