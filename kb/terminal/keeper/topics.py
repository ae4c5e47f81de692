"""The map of a library, drawn for a person."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from rich.text import Text

from kb.terminal.console import INDENT, console, print_lines
from kb.topics.facts import By
from kb.topics.report import Part, Topic, TopicMap
from kb.topics.wording import (
    by_line,
    everywhere_line,
    example_lines,
    overview,
    size_line,
    thin_line,
    topic_line,
)

_NUMBER = 2
"""Width of the numbers of topics."""


class _Line(NamedTuple):
    """A line, wrapped if it is too long."""

    text: Text
    indent: int = INDENT
    mark: str = ""
    """Stands before the line."""


def draw_map(found: TopicMap, by: By | None) -> None:
    """Print all subjects, or all topics if there are few, with what is weak in them."""
    out = console()
    print_lines(out, Text(overview(found)), 0)
    if said := everywhere_line(found):
        print_lines(out, Text(said, "yellow"), 0)
    for part in found.subjects or found.topics:
        out.print()
        for line in _lines(part, found, by):
            print_lines(out, *line)
    if found.topics:
        out.print()
        print_lines(out, Text(_hint(found), "dim"), 0)


def draw_part(part: Part, found: TopicMap, by: By | None) -> None:
    """Print a topic with its lessons, or a subject with its topics."""
    out = console()
    for line in _lines(part, found, by, whole=True):
        print_lines(out, *line)
    if isinstance(part, Topic):
        out.print()
        for lesson in part.lessons:
            dated = f"{lesson.facts.date}  " if lesson.facts.date else ""
            print_lines(out, Text.assemble((dated, "dim"), (lesson.facts.id, "cyan"), f": {lesson.facts.title}"))
        return
    for topic in part.topics:
        out.print()
        for line in _lines(topic, found, by):
            print_lines(out, *line._replace(indent=INDENT + line.indent))


def _lines(part: Part, found: TopicMap, by: By | None, *, whole: bool = False) -> Iterator[_Line]:
    """Yield the lines on a part; `whole`: with what is said of all, and without the topics and examples."""
    said = () if whole else found.everywhere
    yield _Line(Text(f"{part.mark}. {part.label}", "bold"), 0)
    if isinstance(part, Topic) and not whole:
        mark = "- " if part.is_titled else ""
        yield from (_Line(Text(line), mark=mark) for line in example_lines(part))
    yield _Line(Text(size_line(part)))
    if by is not None:
        yield _Line(Text(by_line(part, by)))
    if isinstance(part, Topic):
        yield from _thin(part, said, INDENT)
    elif not whole:
        for topic in part.topics:
            yield _Line(Text(topic_line(topic), "cyan"), mark=f"{topic.mark:>{_NUMBER}} ")
            yield from _thin(topic, said, INDENT + _NUMBER + 1)


def _thin(topic: Topic, said: Collection[str], indent: int) -> Iterator[_Line]:
    if line := thin_line(topic, said):
        yield _Line(Text(f"thin: {line}", "yellow"), indent)


def _hint(found: TopicMap) -> str:
    topic = f"kb map --topic {found.topics[0].mark} lists the lessons of a topic"
    return f"kb map --topic {found.subjects[0].mark} shows a subject, {topic}" if found.subjects else topic
