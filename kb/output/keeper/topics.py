"""Prints the map of a library, in the requested form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kb.output.form import JSON, Form, print_or_write
from kb.visible import json_text

if TYPE_CHECKING:
    from kb.topics.facts import By
    from kb.topics.report import Part, TopicMap

_NO_LESSONS = "there are no lessons yet; write the first one with `kb new`"


class Wanted(NamedTuple):
    """What of a map is printed, and where."""

    form: Form
    by: By | None = None
    """How the lessons of each part are counted, as text."""
    topic: str = ""
    """The number or name of one topic or subject; empty for all."""
    out: Path | None = None
    root: Path = Path()
    """The folder of the knowledge base, to which the paths of lessons are relative."""


def print_map(found: TopicMap, wanted: Wanted, notify: Callable[[str], None]) -> None:
    """Print a map, or one part; raises `UnknownTopic` and `CannotWrite`.

    `notify` is called before with notes on the map, and after with where it was written.
    """
    part = found.part(wanted.topic) if wanted.topic and found.topics else None
    for note in found.notes:
        notify(note)
    if wanted.form is None:
        from kb.terminal.keeper.topics import draw_map, draw_part

        draw_map(found, wanted.by) if part is None else draw_part(part, found, wanted.by)
    else:
        print_or_write(FORMS[wanted.form].write(found, part, wanted).rstrip("\n"), wanted.out, notify)
    if not found.topics and not found.notes:
        notify(_NO_LESSONS)


def _json(found: TopicMap, part: Part | None, _: Wanted) -> str:
    return json_text((found if part is None else part).as_json())


def _page(found: TopicMap, _: Part | None, wanted: Wanted) -> str:
    from kb.topics.page import page_of

    return page_of(found, wanted.out.parent if wanted.out else None, wanted.root)


class Writer(NamedTuple):
    """Serializes a map."""

    help: str
    """The help text of the option."""
    write: Callable[[TopicMap, Part | None, Wanted], str]


FORMS: Mapping[str, Writer] = {
    JSON: Writer("Print one JSON object.", _json),
    "html": Writer("Print a page with a map to look at and to search in.", _page),
}
