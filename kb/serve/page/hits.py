"""A lesson that was found, as a page shows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from kb.impact.worth import worth
from kb.lessons.stated import stated
from kb.retrieval.answer import Result, ShownPassage
from kb.serve.page.library import LONGEST_TITLE, Library
from kb.showing.page import link_to
from kb.wording import shortened
from search.engine import Snippet


class Piece(NamedTuple):
    """A part of a text."""

    text: str
    how: str = ""
    """`mark` for words of the question, `near` for the sentence that is nearest in meaning; empty for the rest."""


class Row(NamedTuple):
    """What is said of a hit below its text."""

    name: str
    pieces: Sequence[Piece]
    address: str = ""
    """Where the text leads."""
    mood: str = ""
    source: str = ""
    """Where the text is to be read with what is around it."""


class HitView(NamedTuple):
    """A hit."""

    title: str
    address: str
    relevance: str
    """How sure it is that it helps: a class of the style sheet; empty if nothing was judged."""
    label: str
    """The same for a reader."""
    status: str
    """Empty for a lesson that is valid."""
    about: Sequence[str]
    texts: Sequence[Sequence[Piece]]
    """Its summary and why it was found."""
    rows: Sequence[Row]


def hit_of(result: Result, library: Library, *, in_full: bool) -> HitView:
    """Return a hit; unless `in_full` only what is needed to judge whether it is worth a look."""
    lesson = result.lesson
    judged = result.lexical is not None or result.semantic is not None
    page = library.content.addresses.lesson(lesson.id) or ""
    return HitView(
        shortened(lesson.title, LONGEST_TITLE),
        _at(page, result.best.line),
        result.relevance.value if judged else "",
        result.relevance.label if judged else "",
        "" if lesson.status in ("", "validated") else lesson.status,
        [*_about(result)],
        [pieces(text) for text in result.paragraphs if text.text][: None if in_full else 1],
        [*_rows(result, page, library)] if in_full else [],
    )


def _about(result: Result) -> Iterator[str]:
    lesson, best = result.lesson, result.best
    shown = lesson.title.casefold()
    kind = "" if best.passage.kind.value == "other" else best.passage.kind.value
    section = " \u203a ".join(heading for heading in best.passage.headings if shown not in heading.casefold())
    yield from filter(None, (stated(lesson.unit), lesson.date or "", section or kind))


def _rows(result: Result, page: str, library: Library) -> Iterator[Row]:
    lesson = result.lesson
    for id_ in result.superseded_by:
        said = library.named(id_)
        yield Row("superseded by", [Piece(said.text)], said.address, "doubt")
    if lesson.status_because and not lesson.is_current:
        yield Row("because", [Piece(lesson.status_because)], "", "doubt")
    for key, value in result.front_matter.items():
        yield Row(key.replace(".", " "), pieces(value))
    for kind, shown in result.helped.items():
        yield _helped(kind.value, shown, page)
    if text := worth(lesson):
        yield Row("worth", [Piece(text)])
    if result.reuse:
        mood = "doubt" if result.reuse.is_unhelpful else "good" if result.reuse.outcomes["helped"] else ""
        yield Row("used", [Piece(result.reuse.in_words)], "", mood, f"{page}#used-by" if page else "")
    if result.ask:
        yield Row("ask", [Piece(str(result.ask))], link_to(result.ask.contact))


def _helped(kind: str, shown: ShownPassage, page: str) -> Row:
    return Row(kind, pieces(shown.snippet), source=_at(page, shown.line))


def _at(page: str, line: int) -> str:
    return f"{page}#L{line}" if page else ""


def pieces(snippet: Snippet) -> list[Piece]:
    """Return the text of a snippet, cut where its marks begin and end."""
    near = snippet.nearest or (0, 0)
    cuts = sorted({0, len(snippet.text), *near, *(place for mark in snippet.marks for place in mark)})
    found = []
    for start, end in pairwise(cuts):
        is_marked = any(mark[0] <= start and end <= mark[1] for mark in snippet.marks)
        how = "mark" if is_marked else "near" if near[0] <= start and end <= near[1] else ""
        found.append(Piece(snippet.text[start:end], how))
    return found
