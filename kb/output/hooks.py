"""Prints what is found at decision points."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.files.reason import reason_of
from kb.errors import CannotWrite, Exit
from kb.output.form import Form, print_json, print_text

if TYPE_CHECKING:
    from kb.hooks.checklist import Checklist
    from kb.hooks.comment import Kept
    from kb.hooks.github.workflow import Workflow
    from kb.retrieval.answer import Answer

Notify = Callable[[str], None]


def print_alert(answer: Answer, form: Form, notify: Notify) -> None:
    """Print the lessons that answer or may help; `notify` if there are none."""
    found = replace(answer, results=tuple(one for one in answer.results if one.relevance.is_relevant))
    if not found.results:
        notify("no lesson is sure to help")
    elif form is None:
        from kb.terminal.hooks import draw_lessons

        draw_lessons(found)
    else:
        from kb.hooks.lesson_list import lesson_list
        from kb.hooks.links import Links

        print_text(lesson_list(found.results, Links.of_environment()))
    sys.stdout.flush()


def print_checklist(made: Checklist, form: Form, notify: Notify) -> Exit:
    """Print a checklist; return `DONE` if it has items, else `NOTHING`."""
    if form == "json":
        print_json(made)
    elif made.items and form == "md":
        from kb.hooks.checklist_page import HEADING, checklist_in_markdown
        from kb.hooks.links import Links

        print_text(f"**{HEADING}**\n\n{checklist_in_markdown(made, Links.of_environment())}")
    elif made.items:
        from kb.terminal.hooks import draw_checklist

        draw_checklist(made)
    if made.items:
        return Exit.DONE
    notify("no lesson is sure to help with this change")
    return Exit.NOTHING


def report_comment(workflow: Workflow, kept: Kept | None, text: str, notify: Notify) -> Exit:
    """Write what was done to the outputs of the step, and the comment to the summary of the job.

    Nothing of a lesson or an issue is printed, because a runner takes lines such as `::error` for commands.
    """
    _append(workflow.outputs, f"comment={kept or 'none'}\n")
    if text:
        _append(workflow.summary, f"{text}\n")
    if kept is None and text:
        notify("a fork's token may not comment; the checklist is in the summary of the job")
    print_text(f"comment: {kept or 'none'}")
    return Exit.DONE


def _append(path: Path | None, text: str) -> None:
    """Append to a file of the runner, if there is one; raises `CannotWrite`."""
    try:
        if path:
            with path.open("a", encoding="utf-8") as file:
                file.write(text)
    except OSError as error:
        raise CannotWrite(f"{path}: {reason_of(error)}") from error
