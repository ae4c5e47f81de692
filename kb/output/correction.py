"""Prints what was changed in a lesson so that a question finds it, and whether it does."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from kb.errors import Exit
from kb.output.form import print_text

if TYPE_CHECKING:
    from kb.life.answering import Correction
    from kb.retrieval.why_not import WhyNot

Notify = Callable[[str], None]


def print_diff(done: Correction, notify: Notify) -> None:
    """Print the change of the file, and `notify` what the checks say of it."""
    if done.diff:
        print_text(done.diff)
    for warning in done.warnings:
        notify(str(warning))


def print_found(found: WhyNot, notify: Notify) -> Exit:
    """Notify at which rank the lesson is found now; return `DONE` if a search shows it."""
    if not found.hit or not found.rank:
        notify(f"the question does not find {found.lesson}")
        return Exit.NOTHING
    place = f"number {found.rank:,} of {found.lessons:,}"
    notify(f"the question finds {found.lesson} now: {place}, {found.hit.relevance.label}")
    return Exit.DONE if found.rank <= found.limit else Exit.NOTHING
