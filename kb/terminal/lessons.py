"""Lessons drawn for a person: a single lesson, and a list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from ingest.format import Event, Person
from ingest.lesson import Lesson, text_of
from kb.impact.worth import in_a_phrase
from kb.lessons.evidence import evidence_of_lesson
from kb.lessons.stated import stated
from kb.reuse.tally import tally
from kb.reuse.use import used
from kb.terminal.console import GAP, INDENT, console, grid, marked_status, print_lines, two_columns
from kb.visible import visible

if TYPE_CHECKING:
    from rich.table import Table

    from kb.showing.shown import Shown

_NARROWEST_TITLE = 24


def render_lesson(shown: Shown, *, facts: bool) -> str:
    """Return a lesson rendered for the terminal; with `facts`, the front matter comes first."""
    out = console()
    with out.capture() as capture:
        from rich.markdown import Markdown  # brings a parser and a highlighter along

        if facts:
            out.print(two_columns(_facts(shown)))
            out.print()
        out.print(Markdown(visible(shown.text), hyperlinks=True))
    return capture.get()


def _facts(shown: Shown) -> list[tuple[str, str]]:
    lesson = shown.lesson
    facts = [
        ("lesson", lesson.id),
        ("file", lesson.path),
        ("unit", stated(lesson.unit)),
        ("date", lesson.date or ""),
        ("status", ": ".join(part for part in (lesson.status, lesson.status_because) if part)),
        ("review by", text_of(lesson.metadata.get("review_by"))),
        ("tags", ", ".join(lesson.tags)),
        ("summary", " ".join(stated(lesson.summary).split())),
        *(("applies when", condition) for condition in lesson.applies_when),
        *(("not when", condition) for condition in lesson.not_when),
        *(("worth", in_a_phrase(impact)) for impact in lesson.impact),
        ("evidence", str(evidence_of_lesson(lesson) or "")),
        *(("person", _introduce(person)) for person in lesson.people),
        ("ask", str(shown.ask or "")),
        *(("used", used(reuse)) for reuse in lesson.reused),
        ("was used", tally(shown.uses).in_words if shown.uses else ""),
        *(("used by", str(use)) for use in shown.uses),
        *(("answers", problem) for problem in lesson.answers),
        *(("history", _event_line(event)) for event in lesson.history),
    ]
    return [(name, value) for name, value in facts if value]


def _introduce(person: Person) -> str:
    return ", ".join(part for part in (stated(person.name), person.role, stated(person.contact)) if part)


def _event_line(event: Event) -> str:
    by = f"by {event.by}" if event.by else ""
    done = " ".join(part for part in (event.date, event.what, by) if part)
    return ": ".join(part for part in (done, event.because) if part)


def render_list(lessons: Sequence[Lesson]) -> str:
    """Return a table of lessons: date, id, title. Ids are never broken, so that they can be copied.

    If the longest id leaves too little room for titles, each title is printed below its id.
    """
    out = console(wide=True)
    dates = max((len(lesson.date or "") for lesson in lessons), default=0)
    ids = max((cell_len(lesson.id) for lesson in lessons), default=0)
    indent = dates + GAP if dates else 0
    with out.capture() as capture:
        if out.width - indent - ids - GAP >= _NARROWEST_TITLE:
            out.print(_table_of_lessons(lessons, dated=bool(dates)))
        else:
            for lesson in lessons:
                line = Text.assemble((f"{lesson.date or '':{indent}}", "dim"), (lesson.id, "cyan"))
                out.print(line, no_wrap=True, overflow="ignore", crop=False)
                print_lines(out, Text(_title_with_status(lesson)), indent or INDENT)
    return capture.get()


def _table_of_lessons(lessons: Sequence[Lesson], *, dated: bool) -> Table:
    table = grid()
    if dated:
        table.add_column(style="dim", no_wrap=True)
    table.add_column(style="cyan", no_wrap=True)
    table.add_column()
    for lesson in lessons:
        table.add_row(*([lesson.date or ""] if dated else []), lesson.id, _title_with_status(lesson))
    return table


def _title_with_status(lesson: Lesson) -> str:
    return lesson.title + marked_status(lesson)
