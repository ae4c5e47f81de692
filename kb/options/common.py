"""Options shared by several commands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from kb.options.group import group

_Command = TypeVar("_Command", bound=Callable[..., Any])

limit_option = click.option(
    "-n", "--limit", type=click.IntRange(1, 1000), help="How many lessons. Default: 5, or kb.toml's."
)
wait_option = click.option(
    "--wait", metavar="SECONDS", type=click.FloatRange(0), default=0.0, help="Wait for another writer."
)


def form_options(**helps: str) -> Callable[[_Command], _Command]:
    """Return one flag per output form other than text; the last flag given becomes the parameter `form`."""
    return group(*(click.option(f"--{form}", "form", flag_value=form, help=text) for form, text in helps.items()))


json_option = form_options(json="Print one JSON object.")
