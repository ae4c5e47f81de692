"""Lessons to merge, drawn for a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from kb.terminal.console import INDENT, console, marked_status, print_lines
from kb.wording import counted, shortened

if TYPE_CHECKING:
    from kb.alike.differences import Differences
    from kb.alike.near_duplicates import Alike, Group

_SHOWN = 2
"""So many sentences are shown of those that only one lesson has."""
_LONGEST = 160


def draw_near_duplicates(groups: Sequence[Group]) -> None:
    """Print each group: its lessons, and what only one of them has."""
    out = console()
    for rank, group in enumerate(groups, 1):
        if rank > 1:
            out.print()
        lessons = counted(len(group.lessons), "lesson")
        differ = any(any(alike.only_here) for alike in group.lessons)
        print_lines(out, Text(f"{rank}. {lessons}, closeness {group.closeness:.2f}", "bold"), 0)
        for alike in group.lessons:
            print_lines(out, _head(alike))
            for line in _lines(alike.only_here) if differ else ():
                print_lines(out, Text(line, "dim"), 2 * INDENT)
        if not differ:
            print_lines(out, Text("they say the same: keep one", "dim"))


def _head(alike: Alike) -> Text:
    lesson = alike.lesson
    dated = f" ({lesson.date})" if lesson.date else ""
    return Text.assemble((lesson.id, "cyan"), f": {lesson.title}{marked_status(lesson)}{dated}")


def _lines(only: Differences) -> Iterator[str]:
    named = (("sections", only.sections), ("impact", only.impact), ("people", only.people))
    parts = [f"{name}: {', '.join(values)}" for name, values in named if values]
    if not any(only):
        yield "nothing of its own"
    if parts:
        yield f"only here: {'; '.join(parts)}"
    for name, sentences in (("sentence on tools", only.tools), ("sentence", only.sentences)):
        if sentences:
            yield f"only here: {counted(len(sentences), name, name.replace('sentence', 'sentences'))}, such as:"
            yield from (f"- {shortened(sentence, _LONGEST)}" for sentence in sentences[:_SHOWN])
