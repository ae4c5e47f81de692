"""Prints a list of lessons, in the requested form."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from kb.output.form import JSON, Form, print_json, print_text
from kb.wording import counted

if TYPE_CHECKING:
    from kb.lessons.listing import Listing


def print_listing(listing: Listing, form: Form, *, page: Callable[[str], None], notify: Callable[[str], None]) -> None:
    """Print lessons: to a terminal as a table through `page`, to a pipe one line of tab-separated values for each.

    `notify` is called before with why there are none, or that only the first are listed.
    """
    for note in listing.notes:
        notify(note)
    if (shown := len(listing.lessons)) < listing.found:
        notify(f"{counted(listing.found, 'lesson')}; here are the first {shown:,}; see --limit")
    if form == JSON:
        print_json(listing)
    elif sys.stdout.isatty():
        from kb.terminal.lessons import render_list

        page(render_list(listing.lessons))
    else:
        for lesson in listing.lessons:
            print_text("\t".join((lesson.date or "", lesson.id, lesson.status, lesson.title)))
