"""Prints the people to ask, in the requested form."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from kb.output.form import Form, print_json

if TYPE_CHECKING:
    from kb.upkeep.changes_since import ChangesSince
    from kb.who.who import WhoAnswer


def print_people(found: WhoAnswer, form: Form, changes: ChangesSince, notify: Callable[[str], None]) -> None:
    """Print people; `notify` is called before with notes on the query, and after if nobody is found."""
    from kb.terminal.remarks import changed_since

    for note in found.notes:
        notify(note)
    if found.people and not found.relevance.is_relevant:
        notify("no lesson is sure to help; these people stand behind the nearest")
    if form is None:
        from kb.terminal.people import draw_people

        draw_people(found.people)
    else:
        print_json(found)
    sys.stdout.flush()  # show the people before the slower comparison with all files of the corpus
    if changed := changes.count():
        notify(changed_since(changed).partition(";")[0] + "; run `kb reindex`")
    if not found.people:
        notify(why_nobody(found))


def why_nobody(found: WhoAnswer) -> str:
    """Return why there is nobody to ask, and what to do."""
    if not found.index.lessons:
        return "there are no lessons yet; write the first one with `kb new`"
    if found.problem:
        return "people.md must be put right first"
    if not found.found:
        return "no lesson was found, so there is nobody to ask; try other words, or fewer filters"
    return (
        "the lessons found name nobody who can be asked; add `people` to them, or name a learning professional "
        "or an owner in people.md (docs/people.md)"
    )
