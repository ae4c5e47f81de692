"""Prints the lessons that somebody must look at, in the requested form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from kb.ageing.reason import CAUSES
from kb.output.form import JSON, Form, print_json, print_text
from kb.wording import counted

if TYPE_CHECKING:
    from kb.ageing.addresses import Addresses
    from kb.ageing.stale import Stale


def print_stale(stale: Stale, limit: int, form: Form, notify: Callable[[str], None]) -> None:
    """Print the first `limit` lessons; `notify` is called with how many there are."""
    shown = replace(stale, lessons=stale.lessons[:limit])
    if form == JSON:
        print_json(shown)
    elif form == "md" and shown.lessons:
        from kb.output.keeper.task_list import task_list

        print_text(task_list(shown))
    elif form is None:
        from kb.terminal.keeper.stale import draw_stale

        draw_stale(shown)
    notify(_summary(stale, len(shown.lessons)))
    if stale.addresses:
        notify(_of_addresses(stale.addresses))
        if stale.addresses.is_cut_off:
            notify("no server answered: is there a network? Addresses are asked directly, without a proxy")


def _of_addresses(addresses: Addresses) -> str:
    of_them = f": {addresses.in_words}" if addresses.answers else ""
    named = counted(len(addresses.answers), "address", "addresses")
    return f"{named} on the web{of_them}"


def _summary(stale: Stale, shown: int) -> str:
    undated = (
        f"; the age of {counted(stale.undated, 'lesson')} is not known, for want of a date" if stale.undated else ""
    )
    if not stale.checked:
        return "no lesson was looked through: there is none, or none meets the conditions"
    if not stale.lessons:
        return f"{counted(stale.checked, 'lesson')}: nothing to look at again{undated}"
    causes = ", ".join(f"{stale.counts[cause]:,} {cause.value}" for cause in CAUSES if stale.counts[cause])
    more = f"; here are the first {shown:,}, see --limit" if shown < len(stale.lessons) else ""
    return f"{len(stale.lessons):,} of {counted(stale.checked, 'lesson')} to look at again: {causes}{more}{undated}"
