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
from ingest.markdown import plain_inline
from ingest.places import Steps
from ingest.problem import Unreadable
from ingest.reading import read_lesson
from kb.check.groups.shape import flaws
from kb.codify.draft import Draft
from kb.codify.fences import closed
from kb.codify.mail import apart, headers_of, unsigned
from kb.codify.outlined import Outlined, Piece
from kb.codify.proposals import Proposals
from kb.codify.yaml_lines import yaml_lines
from kb.edit.sections import HEADINGS
from kb.errors import UnreadableNotes

_ANSWERED = re.compile(r"^(?:\s*(?:re|fwd?|aw|wg)\s*:)+\s*", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_MADE_BY_A_MACHINE = re.compile(r"[0-9a-f ]{8,}")
_LONGEST_TITLE = 80


def notes(
    data: bytes,
    kinds: KindTable,
    *,
    name: str = "",
    title: str = "",
    headings: Mapping[Kind, str] = HEADINGS,
) -> Draft:
    """Return what notes say, each part under its kind and the rest under `OTHER`; not a word is lost.

    `name` is their file's, empty for what is typed in; `title` is one that was given and wins; `headings` are those
    that the lesson will have, which need not be repeated below them. What is only read out of the text is
    commented as proposed. Raises `UnreadableNotes`.
    """
    rows = _text_of(data, name).split("\n")
    first, matter = _front_matter(rows)
    headers = headers_of(rows[first:])
    text, signature = unsigned(apart(rows[first:])) if headers else (rows[first:], [])
    outlined = Outlined(text, kinds, headings)
    values, left = _kept(matter, rows[1 : first - 1]) if first else ({}, "")
    values, comments = _titled(values, title, outlined, headers, name, rows[first:])
    values, comments = Proposals(rows, first, headers).added(values, comments)
    pieces = [Piece(Kind.OTHER, (left,)), *outlined.pieces(values["title"]), Piece(Kind.OTHER, tuple(signature))]
    return Draft(values, comments, _sections(pieces))


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
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", block)), default=0))
    return values, f"{fence}yaml\n{block}\n{fence}" if lost else ""


def _is_valid(key: str, value: object) -> bool:
    return key not in FORMAT.keys or not any(flaws(FORMAT.keys[key], value, (key,)))


def _titled(
    values: Metadata,
    given: str,
    outlined: Outlined,
    headers: Mapping[str, tuple[str, int]],
    name: str,
    rows: list[str],
) -> tuple[Metadata, dict[Steps, str]]:
    """Return the values with a title: the given one, the notes' own, or one to be looked at."""
    subject = _ANSWERED.sub("", headers["subject"][0]) if "subject" in headers else ""
    own = text_of(values.get("title")) or subject or outlined.title
    if given or own:
        return {**values, "title": given or own}, {}
    stem = " ".join(re.split(r"[-_\s]+", PurePath(name).stem)).strip()
    if re.search(r"[^\W\d_]{3}", stem) and not _MADE_BY_A_MACHINE.fullmatch(stem):
        return {**values, "title": stem}, {("title",): "proposed from the name of the file"}
    line, first = next((row, text) for row, text in enumerate(rows) if text.strip())
    return {**values, "title": _shortened(plain_inline(first))}, {("title",): f"proposed from line {line + 1}"}


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_TITLE else text[:_LONGEST_TITLE].rsplit(" ", 1)[0]


def _sections(pieces: Iterable[Piece]) -> dict[Kind, str]:
    texts: dict[Kind, list[str]] = {}
    pieces = list(pieces)
    carried = {piece.context for piece in pieces if piece.context}
    for piece in pieces:
        is_carried = piece.kind is Kind.OTHER and piece.heading in carried and not "".join(piece.rows).strip()
        if not is_carried and (text := closed(piece.text)):
            texts.setdefault(piece.kind, []).append(text)
    return {kind: "\n\n".join(texts[kind]) for kind in Kind if kind in texts}
