"""The bytes of one file → a lesson with its sections."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.decoding import decode
from ingest.frontmatter import FrontMatter, looks_like_a_key, parse_front_matter
from ingest.kinds import KindTable
from ingest.lesson import Lesson, text_of, texts_of
from ingest.markdown import Heading, Lines, Outline, outline
from ingest.problem import Problem
from ingest.section import Section


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of the front matter that is a passage of its own: of `answers`, or the `summary`."""

    text: str
    lines: Lines


@dataclass(frozen=True, slots=True)
class Reading:
    """What one file says."""

    lesson: Lesson
    text: str
    """The whole file, with `\\n` line ends."""
    sections: tuple[Section, ...]
    blocks: tuple[Lines, ...]
    answers: tuple[Statement, ...]
    summary: Statement | None
    problem: Problem | None
    """What could not be read of the file; the rest could."""
    front_matter: Lines | None
    """The lines between the fences."""
    matter: FrontMatter


def read_lesson(data: bytes, path: str, default_id: str, kinds: KindTable) -> Reading:
    """Read one Markdown file. Any text is a lesson; raises `Unreadable` when the bytes are no text."""
    decoded = decode(data)
    text = decoded.text
    rows = text.split("\n")
    parts, matter = _read_front_matter(text, rows, path)
    problem = Problem(path, decoded.flaw, decoded.line) if decoded.flaw else matter.problem
    metadata = matter.metadata
    title = text_of(metadata.get("title")) or _first_heading(parts.headings) or _title_from_path(path)
    lesson = Lesson(path, text_of(metadata.get("id")) or default_id, title, metadata)
    block = parts.front_matter or (0, 1)
    first_body_line = parts.front_matter[1] + 1 if parts.front_matter else 0
    return Reading(
        lesson,
        text,
        _sections(parts, first_body_line, len(rows), kinds),
        parts.blocks,
        _statements(metadata.get("answers"), matter.lines.get("answers", ()), block),
        next(iter(_statements(metadata.get("summary"), matter.lines.get("summary", ()), block)), None),
        problem,
        parts.front_matter,
        matter,
    )


def _read_front_matter(text: str, rows: Sequence[str], path: str) -> tuple[Outline, FrontMatter]:
    parts = outline(text)
    if parts.front_matter is None:
        problem = None
        if rows[0].rstrip() == "---" and len(rows) > 1 and looks_like_a_key(rows[1]):
            problem = Problem(path, "front matter is never closed; end it with a line of `---`", 1)
        return parts, FrontMatter(problem=problem)
    start, end = parts.front_matter
    matter = parse_front_matter("\n".join(rows[start:end]), path, start)
    if matter.problem and not matter.metadata:
        if start < len(rows) and not rows[start].strip():  # a thematic break, then prose, then another
            return outline(text, front_matter=False), FrontMatter()
        # Not one word of it is lost: what is not front matter is one block of text.
        below = outline("\n" * (end + 1) + "\n".join(rows[end + 1 :]), front_matter=False)
        return replace(below, blocks=((0, end + 1), *below.blocks)), matter
    return parts, matter


def _first_heading(headings: Sequence[Heading]) -> str:
    return next((heading.title for heading in headings if heading.title), "")


def _title_from_path(path: str) -> str:
    name = path.rsplit("/", 1)[-1].removesuffix(".md")
    return re.sub(r"[-_\s]+", " ", name).strip() or path


def _sections(parts: Outline, first_line: int, line_count: int, kinds: KindTable) -> tuple[Section, ...]:
    sections: list[Section] = []
    path: list[Heading] = []
    ends = [*(heading.lines[0] for heading in parts.headings), line_count]
    if ends[0] > first_line:
        sections.append(Section(kinds.kind_of(()), (), (first_line, ends[0]), first_line))
    for heading, end in zip(parts.headings, ends[1:], strict=True):
        while path and path[-1].level >= heading.level:
            path.pop()
        path.append(heading)
        titles = tuple(above.title for above in path)
        sections.append(Section(kinds.kind_of(titles), titles, (heading.lines[0], end), heading.lines[1]))
    return tuple(sections)


def _statements(value: object, lines: Sequence[Lines], block: Lines) -> tuple[Statement, ...]:
    texts = texts_of(value)
    if len(texts) != len(lines):  # an empty item: the whole value's lines serve; a merged key: the block's
        lines = [(lines[0][0], lines[-1][1]) if lines else block] * len(texts)
    return tuple(Statement(text, place) for text, place in zip(texts, lines, strict=True))
