"""Raw notes → a draft: an after-action review, a post-mortem, a mail, minutes, any Markdown or text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import PurePath

from ingest.decoding import decode
from ingest.format import FORMAT
from ingest.kinds import Kind, KindTable
from ingest.lesson import Metadata, text_of
from ingest.plain import plain_inline
from ingest.problem import Unreadable
from ingest.reading import read_lesson
from kb.check.groups.shape import flaws
from kb.codify.draft import Draft
from kb.codify.fences import closed, fenced
from kb.codify.mail import Header, apart, headers_of, unsigned
from kb.codify.outlined import LONGEST_TITLE, Outlined, Piece
from kb.codify.proposals import Proposals
from kb.codify.yaml_lines import yaml_lines
from kb.edit.sections import HEADINGS
from kb.errors import UnreadableNotes

_ANSWERED = re.compile(r"^(?:\s*(?:re|fwd?|aw|wg)\s*:)+\s*", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_MADE_BY_A_MACHINE = re.compile(r"[0-9a-f ]{8,}")
_MOST_ROWS = 20_000
"""More than anybody writes; what comes below is a log, and stays as it is."""


def notes(
    data: bytes,
    kinds: KindTable,
    *,
    name: str = "",
    title: str = "",
    headings: Mapping[Kind, str] = HEADINGS,
) -> Draft:
    """Return what notes say, each part under its kind and the rest under `OTHER`; not a word is lost,
    but for labels and headers whose place a heading or the front matter has taken.

    `name` is their file's, empty for what is typed in; `title` is one that was given and wins; `headings` are those
    that the lesson will have, which need not be repeated below them. What is only read out of the text is
    commented as proposed. Raises `UnreadableNotes`.
    """
    rows = _text_of(data, name).split("\n")
    rows, beyond = rows[:_MOST_ROWS], "\n".join(rows[_MOST_ROWS:])
    first, matter = _front_matter(rows)
    values, left = _kept(matter, rows[1 : first - 1]) if first else ({}, "")
    headers = headers_of(rows[first:])
    title = title or text_of(values.get("title")) or _subject(headers)
    values, comments = Proposals(rows, first, headers).added({**values, "title": title}, {})
    text, signature = _text_and_signature(rows[first:], headers, title, comments.get(("date",), ""))
    outlined = Outlined(text, kinds, headings)
    if not title:
        values["title"], comments["title",] = _title(outlined, [""] * first + rows[first:], name)
    end = (*signature, "", fenced(beyond, "text") if beyond.strip() else "")
    pieces = [Piece(Kind.OTHER, (left,)), *outlined.pieces(values["title"]), Piece(Kind.OTHER, end)]
    return Draft(values, {steps: said for steps, said in comments.items() if said}, _sections(pieces))


def _text_of(data: bytes, name: str) -> str:
    shown = name or "standard input"
    try:
        decoded = decode(data)
    except Unreadable as error:
        raise UnreadableNotes(f"{shown}: {error}") from error
    if decoded.flaw:
        raise UnreadableNotes(f"{shown}:{decoded.line}: {decoded.flaw}")
    if not decoded.text.strip():
        raise UnreadableNotes(f"{shown}: says nothing; for a lesson from the beginning leave out --from")
    return decoded.text


def _front_matter(rows: list[str]) -> tuple[int, Metadata]:
    """Return the first row below the front matter and what that says; a block that is none ends at a blank line."""
    if rows[0].rstrip() != "---":
        return 0, {}
    fence = next((row for row in range(1, len(rows)) if rows[row].rstrip() in ("---", "...")), None)
    end = fence or next((row for row in range(1, len(rows)) if not rows[row].strip()), len(rows))
    reading = read_lesson("\n".join(rows[: end + 1]).encode(), "notes", "notes", KindTable())
    if reading.front_matter is None and not reading.matter.problem:  # a thematic break
        return 0, {}
    return end + 1, reading.lesson.metadata


def _kept(matter: Metadata, rows: list[str]) -> tuple[Metadata, str]:
    """Return the keys that can stay keys, and the whole block where something of it would be lost."""
    values = {key: value for key, value in matter.items() if _is_valid(key, value)}
    block = "\n".join(rows)
    lost = Counter(_WORD.findall(block)) - Counter(_WORD.findall("\n".join(yaml_lines(values))))
    return values, fenced(block, "yaml") if lost else ""


def _is_valid(key: str, value: object) -> bool:
    return key not in FORMAT.keys or not any(flaws(FORMAT.keys[key], value, (key,)))


def _subject(headers: Mapping[str, Header]) -> str:
    return _ANSWERED.sub("", headers["subject"].value) if "subject" in headers else ""


def _text_and_signature(
    rows: list[str], headers: Mapping[str, Header], title: str, date: str
) -> tuple[list[str], list[str]]:
    """Part a mail from its signature, and from the headers that title and date repeat: `date` quotes its own."""
    if not headers:
        return rows, []
    said = [header for header in headers.values() if _is_repeated(header, title, date)]
    spent = {header.row + number for header in said for number, _ in enumerate(header.rows)}
    return unsigned(apart([line for row, line in enumerate(rows) if row not in spent]))


def _is_repeated(header: Header, title: str, date: str) -> bool:
    if header.name == "subject":
        return title == _ANSWERED.sub("", header.value)
    return header.name == "date" and f'"{header.value}"' in date


def _title(outlined: Outlined, rows: list[str], name: str) -> tuple[str, str]:
    """Return the notes' own title, or one to be looked at and why it is proposed."""
    if outlined.head:
        return outlined.head.title, ""
    if line := outlined.lone_line:
        return plain_inline(line), f"proposed from line {[row.strip() for row in rows].index(line) + 1}"
    if outlined.first_heading:
        return outlined.first_heading, ""
    stem = " ".join(re.split(r"[-_\s]+", PurePath(name).stem)).strip()
    if re.search(r"[^\W\d_]{3}", stem) and not _MADE_BY_A_MACHINE.fullmatch(stem):
        return stem, "proposed from the name of the file"
    number, first = next(((row, line) for row, line in enumerate(rows) if line.strip()), (0, ""))
    return _shortened(plain_inline(first[: 10 * LONGEST_TITLE])), f"proposed from line {number + 1}"


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_TITLE else text[:LONGEST_TITLE].rsplit(" ", 1)[0]


def _sections(pieces: Iterable[Piece]) -> dict[Kind, str]:
    """Join what is of one kind. A name that the lesson's heading says stays where another heading stands between."""
    texts: dict[Kind, list[str]] = {}
    headed: set[Kind] = set()
    pieces = list(pieces)
    carried = {piece.context for piece in pieces if piece.context}
    for piece in pieces:
        is_carried = piece.kind is Kind.OTHER and piece.heading in carried and not "".join(piece.rows).strip()
        unnamed = None if piece.kind in headed else piece.unnamed_text
        headed |= {piece.kind} if piece.level and unnamed is None else set()
        if not is_carried and (text := closed(piece.text if unnamed is None else unnamed)):
            texts.setdefault(piece.kind, []).append(text)
    return {kind: "\n\n".join(texts[kind]) for kind in Kind if kind in texts}
