"""A page of lists, as Markdown that is readable in a terminal too, or for a browser."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import NamedTuple

from kb.pages.markdown_line import code, escaped
from kb.visible import visible

_WIDTH = 80


class Item(NamedTuple):
    """One entry of a list."""

    title: str
    place: str
    """Where to read on: the id of a lesson; empty if there is none."""
    lines: Sequence[str] = ()
    command: str = ""
    """What to run for it; empty if nothing."""


class Section(NamedTuple):
    """A list below a heading."""

    name: str
    items: Sequence[Item]
    more: str = ""
    """How many entries are not listed; empty if all are."""


class ListPage(NamedTuple):
    """A page of lists."""

    title: str
    lead: str
    """One phrase that says what there is."""
    sections: Sequence[Section]
    """Only those that have entries."""
    notes: Sequence[str] = ()


def markdown_of(page: ListPage) -> str:
    """Return the page in lines of at most 80 columns; only a command is as long as it must be, to be copied."""
    return visible("\n".join(_page(page)))


def html_of(page: ListPage) -> str:
    """Return the page for a browser."""
    from kb.pages.page import render  # the template engine, which Markdown does not need

    return render("lists.html", page.title, page=page)


def _page(page: ListPage) -> Iterator[str]:
    yield f"# {escaped(page.title)}"
    yield ""
    yield from _wrapped("", escaped(page.lead))
    for note in page.notes:
        yield ""
        yield from _wrapped("", f"Note: {escaped(note)}.")
    for section in page.sections:
        yield from ("", f"## {section.name}", "")
        for item in section.items:
            yield from _item(item)
        if section.more:
            yield f"- {section.more}"
    if page.sections:
        yield from ("", "To read a lesson: `kb show ID`")


def _item(item: Item) -> Iterator[str]:
    place = f" ({code(item.place)})" if item.place else ""
    yield from _wrapped("- ", f"**{escaped(item.title)}**{place}")
    for line in item.lines:
        yield from _wrapped("  - ", escaped(line))
    if item.command:
        yield f"  - {code(item.command)}"


def _wrapped(mark: str, text: str) -> list[str]:
    below = " " * len(mark)
    return wrap(
        text, _WIDTH, initial_indent=mark, subsequent_indent=below, break_long_words=False, break_on_hyphens=False
    )
