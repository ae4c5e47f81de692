"""Prints a brief, in the requested form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from kb.errors import Exit
from kb.output.form import JSON, Form, print_or_write
from kb.visible import json_text, visible

if TYPE_CHECKING:
    from kb.brief.brief import Brief
    from kb.upkeep.changes_since import ChangesSince


def print_brief(
    brief: Brief, form: Form, out: Path | None, changes: ChangesSince, notify: Callable[[str], None]
) -> Exit:
    """Print a brief, or write it to `out`; return `DONE` if a lesson answers or may help, else `NOTHING`.

    `notify` is called before with notes on how the problem was understood, and after with the number of lessons that
    have changed. Raises `CannotWrite`.
    """
    from kb.terminal.remarks import changed_since

    for note in brief.notes:
        notify(note)
    print_or_write(FORMS[form](brief), out, notify)
    if changed := changes.count():
        notify(changed_since(changed))
    return Exit.DONE if brief.cases and brief.relevance.is_relevant else Exit.NOTHING


def _markdown(brief: Brief) -> str:
    from kb.brief.pages.markdown import markdown

    return visible(markdown(brief))


def _html(brief: Brief) -> str:
    from kb.brief.pages.html import html

    return html(brief)


FORMS: Mapping[Form, Callable[[Brief], str]] = {
    None: _markdown,
    JSON: lambda brief: json_text(brief.as_json()),
    "html": _html,
}
