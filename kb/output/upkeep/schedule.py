"""Prints schedules of the nightly job: which schedulers there are, the text for one, and what was installed."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from typing import TYPE_CHECKING

from kb.errors import Exit
from kb.output.form import print_text

if TYPE_CHECKING:
    from kb.schedule.placing import Placement
    from kb.schedule.schedule import Overview, Proposal


def print_overview(overview: Overview) -> None:
    for name, purpose in overview.purposes:
        print_text(f"{name:7}  {'fits here' if name in overview.fitting else '':9}  {purpose}")
    for found in overview.found:
        print_text(f"installed already: {found.kind}, {found.where}{'' if found.runs else ' (does not run)'}")


def print_proposal(proposal: Proposal, notify: Callable[[str], None]) -> None:
    """Print the text; `notify` where it belongs, and what must be edited first."""
    print_text(proposal.text, end="")
    for line in (proposal.place, *proposal.remarks):
        notify(line)


def print_change(change: Placement, notify: Callable[[str], None], warn: Callable[[str], None]) -> Exit:
    """Print the changed files, `notify` the remark, and `warn` of commands still to be run; return the exit code."""
    for path in change.wrote:
        print_text(f"wrote {path}")
    for path in change.removed:
        print_text(f"removed {path}")
    if change.remark:
        notify(change.remark)
    if change.left:
        warn(f"systemd could not be called; run: {' && '.join(map(shlex.join, change.left))}")
    return Exit.PARTLY_FAILED if change.left else Exit.DONE
