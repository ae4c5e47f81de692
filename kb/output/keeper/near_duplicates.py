"""Prints lessons to merge, in the requested form."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from kb.output.form import Form, print_json
from kb.wording import counted

if TYPE_CHECKING:
    from kb.alike.near_duplicates import NearDuplicates


def _none(found: NearDuplicates) -> str:
    if found.compared < 2:
        return f"{counted(found.compared, 'lesson')}: nothing to compare"
    return f"no two of {found.compared:,} lessons have a closeness of {found.least:g} or more; see --least"


def print_near_duplicates(found: NearDuplicates, form: Form, *, limit: int, notify: Callable[[str], None]) -> None:
    """Print groups of lessons, as text at most `limit`; `notify` is called with how many there are and what to do."""
    if form is not None:
        print_json(found)
        return
    from kb.terminal.keeper.near_duplicates import draw_near_duplicates

    draw_near_duplicates(found.groups[:limit])
    if not found.groups:
        notify(_none(found))
    elif (more := len(found.groups) - limit) > 0:
        notify(f"and {counted(more, 'more group')}; see --limit")
    if found.groups:
        notify("move what only one has into the lesson that stays, then: kb supersede OLD NEW")
