"""Options shared by several commands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

_Command = TypeVar("_Command", bound=Callable[..., Any])


def group(*options: Callable[[Any], Any]) -> Callable[[_Command], _Command]:
    """Return a decorator that adds options to a command; its help lists them in the same order."""

    def add(command: _Command) -> _Command:
        for option in reversed(options):
            command = option(command)
        return command

    return add


limit_option = click.option(
    "-n", "--limit", type=click.IntRange(1, 1000), help="How many lessons. Default: 5, or kb.toml's."
)
wait_option = click.option(
    "--wait", metavar="SECONDS", type=click.FloatRange(0), default=0.0, help="Wait for another writer."
)
as_of_option = click.option(
    "--as-of", metavar="DATE|COMMIT", help="The lessons as they stood at the end of that day (UTC), or at that commit."
)


def _file_named(context: click.Context, parameter: click.Parameter, path: Path | None) -> Path | None:
    if path in (Path(), Path("-")):
        raise click.BadParameter("names no file; leave it out to print the result.")
    return path


out_option = click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    callback=_file_named,
    metavar="FILE",
    help="Write it to a file, which is replaced.",
)


def form_options(**helps: str) -> Callable[[_Command], _Command]:
    """Return one flag per output form other than text; the last flag given becomes the parameter `form`."""
    return group(*(click.option(f"--{form}", "form", flag_value=form, help=text) for form, text in helps.items()))


json_option = form_options(json="Print one JSON object.")
