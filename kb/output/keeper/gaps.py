"""Prints gaps, in the requested form."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from kb.output.form import JSON, Form, print_json, print_text
from kb.system.here import seen_from, working_directory
from kb.wording import counted

if TYPE_CHECKING:
    from kb.demand.gap import Found, Shared
    from kb.demand.state import DemandState

Notify = Callable[[str], None]


def print_gaps(found: Found, limit: int, form: Form, state: Callable[[], DemandState], notify: Notify) -> None:
    """Print the first `limit` gaps; `notify` is called with what else there is, and why there are none.

    `state` reads the whole log, which takes a second if it is long.
    """
    if found.note:
        notify(found.note)
    if form == JSON:
        print_json(found._replace(gaps=found.gaps[:limit]))
    else:
        from kb.terminal.keeper.gaps import draw_gaps

        draw_gaps(found.gaps[:limit])
    for remark in _remarks(found, limit, state):
        notify(remark)


def print_shared(shared: Shared, form: Form, notify: Notify) -> None:
    """Print the file that was written; `notify` what it holds and what is still to do."""
    if form == JSON:
        print_json(shared)
    else:
        print_text(str(seen_from(working_directory(), shared.path)))
    gaps = counted(shared.gaps, "gap")
    notify(f"{gaps} of yours {'is' if shared.gaps == 1 else 'are'} in it; look at it, then commit it")
    for remark in shared.remarks:
        notify(remark)


def _remarks(found: Found, limit: int, state: Callable[[], DemandState]) -> Iterator[str]:
    if (more := len(found.gaps) - limit) > 0:
        yield f"{counted(more, 'more gap')}; see --limit"
    if found.met:
        yield f"{counted(found.met, 'need')} of your log {'is' if found.met == 1 else 'are'} met by the library now"
    if found.hidden:
        gaps = counted(found.hidden, "gap")
        yield f"{gaps} of others not shown, because fewer than three people have it"
    if not found.gaps:
        yield _why_none(state())


def _why_none(state: DemandState) -> str:
    if state.held.questions:
        return "no gap: what was asked is found"
    if state.records:
        return "nothing was asked yet since questions are noted"
    return "your questions are not noted, so there is nothing to find gaps in; to note them: kb demand --on"
