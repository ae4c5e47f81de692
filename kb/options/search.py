"""The options of `kb search`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from ingest.files.reason import reason_of
from ingest.files.regular_file import open_regular
from kb.options.common import as_of_option, form_options, group, limit_option
from kb.options.query import file_option, filter_options, filters_of, mode_of, mode_option, request_of
from kb.output.answer import FORMS, View
from kb.output.form import Form
from kb.retrieval.request import Request
from kb.system.query_file import STANDARD_INPUT

if TYPE_CHECKING:
    from kb.config import Config

search_options = group(
    click.argument("query", nargs=-1, metavar="[QUERY]..."),
    limit_option,
    filter_options,
    file_option,
    click.option(
        "--batch", metavar="FILE", help="Answer each line of a JSONL file (- is standard input) with one line."
    ),
    mode_option,
    click.option("--all", "every", is_flag=True, help="Show every hit in full, the nearest too, up to the limit."),
    click.option("--exact", is_flag=True, help="Search every word as it is typed: no spelling correction."),
    click.option("--why-not", metavar="ID", help="Say why a lesson is not where you expect it."),
    click.option("--explain", is_flag=True, help="Show the parts of each score."),
    as_of_option,
    click.option("--refresh", is_flag=True, help="Bring the index up to date first."),
    form_options(**{form: writer.help for form, writer in FORMS.items()}),
)


class SearchOptions(NamedTuple):
    """The options given to `kb search`, and the request made from them."""

    request: Request
    """The search request; for a batch, without the queries."""
    limit: int | None
    file: str | None
    batch: str | None
    why_not: str | None
    explain: bool
    as_of: str | None
    refresh: bool
    form: Form

    @classmethod
    def of(cls, given: dict[str, Any]) -> SearchOptions:
        """Make the options from click's parameters, and validate them.

        Raises `click.UsageError`, `UnreadableQuery`, and `QueryError` for requests that are invalid in any library.
        """
        if given["refresh"] and given["as_of"]:
            raise click.UsageError("--refresh brings the index of today up to date; leave it out with --as-of.")
        every, exact = given.pop("every"), given.pop("exact")
        asked = _request_of_batch(given) if given["batch"] else request_of(given)
        passages = None if given["form"] or given["batch"] else 1  # a terminal shows only the best passage
        return cls(replace(asked, passages=passages, every=every, exact=exact), **given)

    @property
    def files(self) -> tuple[str, ...]:
        """The names of the files given, without standard input."""
        return tuple(name for name in (self.file, self.batch) if name and name != STANDARD_INPUT)

    def limited(self, limit: int) -> Request:
        """Return the request with `--limit`, or with `limit`, the value from `kb.toml`, if that was not given."""
        return replace(self.request, limit=self.limit or limit)

    def view(self, config: Config, *, restricted: bool) -> View:
        """Return how much of an answer is to be shown."""
        return View(config.root, config.paths, self.explain, in_full=self.request.every, restricted=restricted)

    def lines(self) -> Iterator[bytes]:
        """Yield the lines of the batch file; nothing without `--batch`."""
        if not self.batch:
            return
        if self.batch == STANDARD_INPUT:
            yield from sys.stdin.buffer
            return
        try:
            file = os.fdopen(open_regular(Path(self.batch), links=True), "rb")
        except OSError as error:
            raise click.BadParameter(f"{self.batch}: {reason_of(error)}.", param_hint="--batch") from error
        with file:
            yield from file


def _request_of_batch(given: dict[str, Any]) -> Request:
    """Return the filters of a batch, which has the queries."""
    if given.pop("query") or given["file"] or given["why_not"] is not None:
        raise click.UsageError("--batch FILE has the queries; leave QUERY, --file and --why-not out.")
    filters = filters_of(given)
    filters.check()
    return Request(filters=filters, mode=mode_of(given))
