"""A digest as a page of Markdown, which is readable in a terminal too."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from kb.digest.digest import Digest
from kb.digest.pages.sections import Entry, overview, period_of, sections_of, title_of
from kb.reindex.reporting.markdown_line import code, escaped
from kb.visible import visible

_WIDTH = 80


def markdown(digest: Digest) -> str:
    """Return the page."""
    return visible("\n".join(_page(digest)))


def _page(digest: Digest) -> Iterator[str]:
    yield f"# {escaped(title_of(digest).partition(': ')[0])}"
    yield ""
    yield from _wrapped("", escaped(f"{overview(digest)}; {period_of(digest)}"))
    for note in digest.notes:
        yield ""
        yield from _wrapped("", f"Note: {escaped(note)}.")
    sections = list(sections_of(digest))
    for section in sections:
        yield from ("", f"## {section.name}", "")
        for entry in section.entries:
            yield from _entry(entry)
        if section.more:
            yield f"- {section.more}"
    if sections:
        yield from ("", "To read a lesson: `kb show ID`")


def _entry(entry: Entry) -> Iterator[str]:
    place = f" ({code(entry.place)})" if entry.place else ""
    yield from _wrapped("- ", f"**{escaped(entry.title)}**{place}")
    for line in entry.lines:
        yield from _wrapped("  - ", escaped(line))


def _wrapped(mark: str, text: str) -> list[str]:
    below = " " * len(mark)
    return wrap(
        text, _WIDTH, initial_indent=mark, subsequent_indent=below, break_long_words=False, break_on_hyphens=False
    )
