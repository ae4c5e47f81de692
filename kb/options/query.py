"""What the command lines of `kb search` and `kb list` have in common: filters, and arguments in the query language."""

from __future__ import annotations

import re
from collections.abc import Sequence

import click

from ingest.kinds import Kind
from kb.options.group import group

# `-errors` is a word to leave out, `-20%` a figure; `-n3` and `-f` are options.
_LEFT_OUT = re.compile(r'-(?:[^\W\d_]{2}|\d|["\u201c])')
# What the shell took the quotes from: unit:"Toyota Motor Sales" arrives as one argument.
_UNQUOTED = re.compile(
    r'\s*(-?(?:[^\W\d_][\w.-]*:(?:[<>]=?)?)?)(?<=[-:<>=])([^\s"\u201c\u201d][^"\u201c\u201d]*\s[^"\u201c\u201d]*)'
)


class QueryCommand(click.Command):
    """Takes an argument such as `-errors` for what it is in the query language."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        # click takes what begins with a dash for an option; the space is lost when the query is put together.
        return super().parse_args(ctx, [f" {arg}" if _LEFT_OUT.match(arg) else arg for arg in args])


filter_options = group(
    click.option("--tag", multiple=True, metavar="TAG", help="Only lessons with this tag; with each, if repeated."),
    click.option(
        "--kind",
        type=click.Choice([kind.value for kind in Kind]),
        multiple=True,
        help="Only lessons with such a section, and only that; any of them, if repeated.",
    ),
    click.option("--since", metavar="WHEN", help="Only lessons of that time or later: 2020, 2020-05, 'last year'."),
    click.option("--until", metavar="WHEN", help="Only lessons of that time or earlier."),
    click.option(
        "--where", multiple=True, metavar="KEY=VALUE", help="Only lessons that say so; also KEY>=VALUE, KEY=X..Y."
    ),
)
"""Those that `FilterOptions` is made of."""


def line_of(arguments: Sequence[str]) -> str:
    """Put arguments together as the line that was meant."""
    if len(arguments) < 2:
        return " ".join(arguments)
    return " ".join(
        _UNQUOTED.sub(r'\1"\2"', argument) if _UNQUOTED.fullmatch(argument) else argument for argument in arguments
    )
