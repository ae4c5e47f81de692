"""The map of a library, drawn for a person."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from rich.text import Text

from kb.terminal.console import INDENT, console, print_lines
from kb.topics.facts import By
from kb.topics.report import Part, Subject, Topic, TopicMap
from kb.topics.wording import (
    by_line,
    everywhere_line,
    example_line,
    overview,
    size_line,
    thin_line,
    thin_topics,
    topics_line,
)


def draw_map(found: TopicMap, by: By | None) -> None:
    """Print all subjects, or all topics if there are few, with what is weak in them."""
    out = console()
    print_lines(out, Text(overview(found)), 0)
    if said := everywhere_line(found):
        print_lines(out, Text(said, "yellow"), 0)
    for part in found.subjects or found.topics:
        out.print()
        for line, indent in _lines(part, found, by):
            print_lines(out, line, indent)
    if found.topics:
        out.print()
        print_lines(out, Text(_hint(found), "dim"), 0)


def draw_part(part: Part, found: TopicMap, by: By | None) -> None:
    """Print a topic with its lessons, or a subject with its topics."""
    out = console()
    for line, indent in _lines(part, found, by, whole=True):
        print_lines(out, line, indent)
    if isinstance(part, Topic):
        out.print()
        for lesson in part.lessons:
            dated = f"{lesson.facts.date}  " if lesson.facts.date else ""
            print_lines(out, Text.assemble((dated, "dim"), (lesson.facts.id, "cyan"), f": {lesson.facts.title}"))
        return
    for topic in part.topics:
        out.print()
        for line, indent in _lines(topic, found, by):
            print_lines(out, line, INDENT + indent)


def _lines(part: Part, found: TopicMap, by: By | None, *, whole: bool = False) -> Iterator[tuple[Text, int]]:
    """Yield the lines on a part with their indents; `whole`: with what is said of all, and without the topics."""
    said = () if whole else found.everywhere
    yield Text(f"{part.mark}. {part.label}", "bold"), 0
    if isinstance(part, Topic) and not whole:
        yield Text(example_line(part)), INDENT
    yield Text(size_line(part)), INDENT
    if by is not None:
        yield Text(by_line(part, by)), INDENT
    if isinstance(part, Subject):
        if not whole:
            yield from chain(
                [(Text(topics_line(part), "cyan"), INDENT)],
                ((Text(f"thin: {line}", "yellow"), INDENT) for line in thin_topics(part, said)),
            )
    elif line := thin_line(part, said):
        yield Text(f"thin: {line}", "yellow"), INDENT


def _hint(found: TopicMap) -> str:
    topic = f"kb map --topic {found.topics[0].mark} lists the lessons of a topic"
    return f"kb map --topic {found.subjects[0].mark} shows a subject, {topic}" if found.subjects else topic
