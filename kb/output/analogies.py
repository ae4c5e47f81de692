"""Prints the lessons that are similar to another, in the requested form."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from kb.output.form import JSON, Form, print_json

if TYPE_CHECKING:
    from kb.retrieval.similar import Analogies


def print_analogies(found: Analogies, form: Form, root: Path, notify: Callable[[str], None]) -> None:
    """Print the similar lessons.

    `notify` is called before with the notes on how the subject was understood, and after if none is very similar.
    """
    for note in found.answer.notes:
        notify(note)
    if form == JSON:
        print_json(found)
    else:
        from kb.terminal.analogies import draw_analogies

        draw_analogies(found, root)
    if not found.are_alike:
        notify("none is much like it; these are the nearest" if found.answer.results else "there is no other lesson")
