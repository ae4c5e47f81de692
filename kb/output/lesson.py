"""Prints the text of a lesson, in the requested form."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from kb.output.form import JSON, Form, print_json
from kb.visible import as_written

if TYPE_CHECKING:
    from kb.showing.shown import Shown


def print_lesson(shown: Shown, form: Form, *, page: Callable[[str], None], notify: Callable[[str], None]) -> None:
    """Print a lesson: to a terminal through `page`, to a pipe unchanged.

    `notify` is called if the file is gone, and if the lesson is no longer current.
    """
    if form == JSON:
        print_json(shown)
        return
    with_facts = sys.stdout.isatty() and shown.is_whole
    if sys.stdout.isatty():
        from kb.terminal.lessons import render_lesson

        page(render_lesson(shown, facts=with_facts))
    else:
        as_written(sys.stdout).write(f"{shown.text}\n")
    lesson = shown.lesson
    if shown.is_gone:
        notify(f"{lesson.path} is gone since the index was built: this is what it said; run `kb reindex`")
    if not with_facts and not lesson.is_current:
        notify(": ".join(part for part in (f"{lesson.id} is {lesson.status}", lesson.status_because) if part))
