"""The options of `kb search`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from ingest.files.reason import reason_of
from ingest.files.regular_file import open_regular
from kb.options.common import form_options, group, limit_option
from kb.options.query import file_option, filter_options, query_of
from kb.output.answer import FORMS, View
from kb.output.form import Form
from kb.retrieval.request import FilterOptions, Request
from kb.system.query_file import STANDARD_INPUT
from search.query import Mode

if TYPE_CHECKING:
    from kb.config import Config

mode_option = click.option(
    "--mode",
    type=click.Choice([mode.value for mode in Mode]),
    default=Mode.HYBRID.value,
    show_default=True,
    help="By words and meaning, by words only, or by meaning only.",
)
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
    refresh: bool
    form: Form

    @classmethod
    def of(cls, given: dict[str, Any]) -> SearchOptions:
        """Make the options from click's parameters, and validate them.

        Raises `click.UsageError`, `UnreadableQuery`, and `QueryError` for requests that are invalid in any library.
        """
        filters = FilterOptions(**{field.name: given.pop(field.name) for field in fields(FilterOptions)})
        query, mode, every, exact = (given.pop(name) for name in ("query", "mode", "every", "exact"))
        text, is_page = _query(query, filters, given["file"], given["batch"], given["why_not"])
        passages = None if given["form"] or given["batch"] else 1  # a terminal shows only the best passage
        request = Request(text, is_page, filters, Mode(mode), passages=passages, every=every, exact=exact)
        (filters if given["batch"] else request).check()
        return cls(request, **given)

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


def _query(
    words: Sequence[str], filters: FilterOptions, file: str | None, batch: str | None, why_not: str | None
) -> tuple[str, bool]:
    """Return the query, and whether it is the text of a page; for a batch the query is empty."""
    if batch and (words or file or why_not is not None):
        raise click.UsageError("--batch FILE has the queries; leave QUERY, --file and --why-not out.")
    if not (words or file or filters or batch):
        raise click.UsageError("Missing argument 'QUERY...'.")
    return query_of(words, file)


def request_of(given: dict[str, Any], file: str | None) -> Request:
    """Return the request of a command with a query, filters and a mode, and validate it.

    Raises `click.UsageError`, `UnreadableQuery` and `QueryError`.
    """
    query, mode = given.pop("query"), Mode(given.pop("mode"))
    filters = FilterOptions(**given)
    text, is_page = _query(query, filters, file, None, None)
    request = Request(text, is_page, filters, mode)
    request.check()
    return request
