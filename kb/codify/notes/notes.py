"""Converts raw notes to a draft: bullets, minutes, a post-mortem, a mail, a chat, an export, any Markdown or text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from ingest.format import FORMAT
from ingest.front_matter.top import read_front
from ingest.kinds import HEADINGS, Kind, KindTable
from ingest.lesson import Metadata, text_of
from ingest.problem import Defect
from kb.check.groups.structure.shape import flaws
from kb.codify.draft import Draft
from kb.codify.labels.title_words import says_something
from kb.codify.notes.outlined import Outlined
from kb.codify.notes.piece import Piece
from kb.codify.notes.titles import title_of
from kb.codify.proposals.proposals import Proposals
from kb.codify.sources.chat import messages_in
from kb.codify.sources.chat import with_blank_rows as by_message
from kb.codify.sources.exports import as_markdown
from kb.codify.sources.fences import closed, fenced, without_fenced
from kb.codify.sources.footers import is_footer, without_footer
from kb.codify.sources.mail import (
    Header,
    headers_of,
    opened,
    quoted_rows,
    unanswered,
    unsigned,
    with_blank_rows,
    with_decoded_headers,
)
from kb.edit.yaml_rows import yaml_rows
from kb.figures.dates import says_only_dates

_WORD = re.compile(r"\w+")
MOST_ROWS = 20_000
"""Nobody writes more rows than this; the rows after them are taken for a log and left unchanged."""


def notes(
    text: str,
    kinds: KindTable,
    *,
    name: str = "",
    title: str = "",
    headings: Mapping[Kind, str] = HEADINGS,
) -> Draft:
    """Return a draft with each part of the notes under its kind and the rest under `OTHER`; no word is lost,
    except labels and headers replaced by a heading or the front matter, and the syntax that other programs export
    in place of Markdown.

    `name` is the file name, empty for typed notes; a given `title` wins over one in the notes; `headings` are those
    of the lesson, which are not repeated below themselves. A value inferred from the text gets a comment that it is
    proposed.
    """
    text, opened_from = opened(text)
    rows, beyond = _parted(text)
    first, matter = _front_matter(rows)
    values, left = _kept(matter, rows[1 : first - 1]) if first else ({}, "")
    headers = headers_of(rows[first:])
    below = as_markdown(with_decoded_headers(rows[first:], headers), kinds)
    quoted, end = quoted_rows(below)
    own = [""] * first + [
        "" if row in quoted or is_footer(line) else line for row, line in enumerate(without_fenced(below))
    ]
    proposals = Proposals(own, first, headers, opened_from=opened_from)
    title = title or text_of(values.get("title")) or _subject(headers)
    values, comments = proposals.added({**values, "title": title}, {})
    text_rows, footer = without_footer(below[:end])
    body, signature = _text_and_signature(text_rows, headers, title, comments.get(("date",), ""))
    outlined = _outlined(body, kinds, headings)
    if not title:
        found = title_of(outlined, [*outlined.pieces("")], proposals.titles(), own, name).opened_from(opened_from)
        values["title"], comments["title",] = found.text, found.proposed
    original = [f"> {row}".rstrip() for row in below[end:]]
    after = (*signature, "", *footer, "", *original, "", fenced(beyond, "text") if beyond.strip() else "")
    pieces = [Piece(Kind.OTHER, (left,)), *outlined.pieces(values["title"]), Piece(Kind.OTHER, after)]
    return Draft(values, {steps: comment for steps, comment in comments.items() if comment}, _sections(pieces))


def _parted(text: str) -> tuple[list[str], str]:
    """Return the rows to be parsed, and the text after them."""
    rows = text.split("\n")
    return rows[:MOST_ROWS], "\n".join(rows[MOST_ROWS:])


def _outlined(rows: list[str], kinds: KindTable, headings: Mapping[Kind, str]) -> Outlined:
    messages = messages_in(rows)
    spaced, texts = by_message(rows, messages) if messages else (rows, {})
    return Outlined(spaced, kinds, headings, texts)


def _front_matter(rows: list[str]) -> tuple[int, Metadata]:
    """Return the first row after the front matter, and its values; an unparsable block ends at a blank line."""
    front = read_front(rows, "notes")
    if front.body_line:
        return front.body_line, front.matter.metadata
    if all(problem.defect is Defect.UNREAD_FRONT_MATTER for problem in front.problems):  # labels, not front matter
        return 0, {}
    end = next((row for row in range(1, len(rows)) if not rows[row].strip()), len(rows))
    return (front.texts[0][1] if front.texts else end + 1), {}


def _kept(matter: Metadata, rows: list[str]) -> tuple[Metadata, str]:
    """Return the valid keys, and the whole block as code if any of its words would be lost."""
    values = {key: value for key, value in matter.items() if _is_valid(key, value)}
    block = "\n".join(rows)
    lost = Counter(_WORD.findall(block)) - Counter(_WORD.findall("\n".join(yaml_rows(values))))
    return values, fenced(block, "yaml") if lost else ""


def _is_valid(key: str, value: object) -> bool:
    return key not in FORMAT.keys or not any(flaws(FORMAT.keys[key], value, (key,)))


def _subject(headers: Mapping[str, Header]) -> str:
    """Return the subject of a mail; empty if it has no information."""
    subject = unanswered(headers["subject"].value) if "subject" in headers else ""
    return subject if says_something(subject) else ""


def _text_and_signature(
    rows: list[str], headers: Mapping[str, Header], title: str, date: str
) -> tuple[list[str], list[str]]:
    """Split a mail into text and signature, without the headers that title and date repeat."""
    if not headers:
        return rows, []
    repeated = [header for header in headers.values() if _is_repeated(header, title, date)]
    spent = {header.row + number for header in repeated for number, _ in enumerate(header.rows)}
    return unsigned(with_blank_rows([line for row, line in enumerate(rows) if row not in spent]))


def _is_repeated(header: Header, title: str, date: str) -> bool:
    if header.name == "subject":
        return title == header.value
    return header.name == "date" and f'"{header.value}"' in date and says_only_dates(header.value)


def _without_carried(pieces: Sequence[Piece]) -> list[Piece]:
    """Leave out empty headings that a later heading repeats as its context."""
    left: list[Piece] = []
    carried: set[str] = set()
    for piece in reversed(pieces):
        is_bare = piece.kind is Kind.OTHER and not "".join(piece.rows).strip()
        if not (is_bare and piece.heading in carried):
            left.append(piece)
        carried.discard(piece.heading)
        carried |= {piece.context} if piece.context else set()
    return left[::-1]


def _sections(pieces: Iterable[Piece]) -> dict[Kind, str]:
    """Join the pieces of one kind. A name equal to the lesson's heading is kept after another heading of its kind."""
    texts: dict[Kind, list[str]] = {}
    headed: set[Kind] = set()
    for piece in _without_carried(list(pieces)):
        unnamed = None if piece.kind in headed else piece.unnamed_text
        headed |= {piece.kind} if piece.level and unnamed is None else set()
        if text := closed(piece.text if unnamed is None else unnamed):
            texts.setdefault(piece.kind, []).append(text)
    return {kind: "\n\n".join(texts[kind]) for kind in Kind if kind in texts}
