"""What commands with a query share: the query from arguments or a file, its filters and its mode."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import click

from ingest.kinds import Kind
from kb.options.common import group
from kb.retrieval.request import FilterOptions, Request
from kb.system.query_file import STANDARD_INPUT, read_query
from search.query import Mode

# `-errors` excludes a word, `-20%` is a number; `-n3` and `-f` are options.
_LEFT_OUT = re.compile(r'-(?:[^\W\d_]{2}|\d|["\u201c])')
# Arguments whose quotes the shell has removed: unit:"Toyota Motor Sales" arrives as one argument.
_UNQUOTED = re.compile(
    r'\s*(-?(?:[^\W\d_][\w.-]*:(?:[<>]=?)?)?)(?<=[-:<>=])([^\s"\u201c\u201d][^"\u201c\u201d]*\s[^"\u201c\u201d]*)'
)


class QueryCommand(click.Command):
    """A command that passes arguments such as `-errors` on to the query language."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        # click reads an argument that begins with a dash as an option; the added space is lost in the joined query.
        return super().parse_args(ctx, [f" {arg}" if _LEFT_OUT.match(arg) else arg for arg in args])


filter_options = group(
    click.option("--tag", multiple=True, metavar="TAG", help="Only lessons with this tag; with each, if repeated."),
    click.option(
        "--kind",
        type=click.Choice([kind.value for kind in Kind]),
        multiple=True,
        help="Only lessons with a section of this kind, and only such sections; any of them, if repeated.",
    ),
    click.option("--since", metavar="WHEN", help="Only lessons of that time or later: 2020, 2020-05, 'last year'."),
    click.option("--until", metavar="WHEN", help="Only lessons of that time or earlier."),
    click.option(
        "--where", multiple=True, metavar="KEY=VALUE", help="Only lessons with this value; also KEY>=VALUE, KEY=X..Y."
    ),
)
"""The options from which `FilterOptions` is made."""


mode_option = click.option(
    "--mode",
    type=click.Choice([mode.value for mode in Mode]),
    default=Mode.HYBRID.value,
    show_default=True,
    help="By words and meaning, by words only, or by meaning only.",
)
file_option = click.option(
    "-f", "--file", metavar="FILE", help="Take the query from a file, as it is; - is standard input."
)


def request_of(given: dict[str, Any]) -> Request:
    """Take query, filters and mode out of a command's parameters, and return the request, validated; `file` stays.

    Raises `click.UsageError`, `UnreadableQuery` and `QueryError`.
    """
    words, filters = given.pop("query"), filters_of(given)
    if not (words or given["file"] or filters):
        raise click.UsageError("Missing argument 'QUERY...'.")
    request = Request(*query_of(words, given["file"]), filters, mode_of(given))
    request.check()
    return request


def filters_of(given: dict[str, Any]) -> FilterOptions:
    """Take the filters out of a command's parameters."""
    return FilterOptions(**{field.name: given.pop(field.name) for field in fields(FilterOptions)})


def mode_of(given: dict[str, Any]) -> Mode:
    """Take the mode out of a command's parameters; hybrid if the command has no such option."""
    return Mode(given.pop("mode", Mode.HYBRID))


def query_of(words: Sequence[str], file: str | None) -> tuple[str, bool]:
    """Return the query, from arguments or a file, and whether it is the text of a page.

    Raises `UnreadableQuery`, and `click.UsageError` if there are both; without any it is empty.
    """
    if file and words:
        raise click.UsageError("the query is either QUERY or in --file; leave one of them out.")
    if file or list(words) == [STANDARD_INPUT]:
        return read_query(file or STANDARD_INPUT), True
    return line_of(words), False


def line_of(arguments: Sequence[str]) -> str:
    """Join arguments into one query line, with the quotes that the shell has removed."""
    if len(arguments) < 2:
        return " ".join(arguments)
    return " ".join(
        _UNQUOTED.sub(r'\1"\2"', argument) if _UNQUOTED.fullmatch(argument) else argument for argument in arguments
    )
