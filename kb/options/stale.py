"""The options of `kb stale`."""

from __future__ import annotations

from typing import Any, NamedTuple

import click

from kb.ageing.reason import CAUSES, Cause
from kb.options.common import form_options, group
from kb.options.query import filter_options, filters_of, line_of
from kb.output.form import Form
from kb.retrieval.listing import ListRequest

stale_options = group(
    click.argument("conditions", nargs=-1, metavar="[CONDITION]..."),
    filter_options,
    click.option(
        "--only", "causes", multiple=True, type=click.Choice([cause.value for cause in CAUSES]), help="Only this cause."
    ),
    click.option("--urls", is_flag=True, help="Also ask the addresses on the web that lessons name."),
    click.option("-n", "--limit", type=click.IntRange(1), default=20, show_default=True, help="How many lessons."),
    form_options(json="Print one JSON object.", md="Print a Markdown list of tasks."),
)


class StaleOptions(NamedTuple):
    """The options given to `kb stale`."""

    request: ListRequest
    causes: tuple[Cause, ...]
    urls: bool
    limit: int
    form: Form

    @classmethod
    def of(cls, given: dict[str, Any]) -> StaleOptions:
        """Return the options, validated; raises `click.UsageError`."""
        request = ListRequest(line_of(given.pop("conditions")), filters_of(given))
        causes = tuple(map(Cause, given.pop("causes")))
        if Cause.ADDRESS in causes and not given["urls"]:
            raise click.UsageError("`--only address` needs --urls: without it, no address is asked.")
        return cls(request, causes, **given)
