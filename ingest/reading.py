"""Parses the bytes of one file to a lesson with its sections."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.conflicts import Conflict, conflicts_in, merge_conflict
from ingest.damage import empty, refuse_stand_in, sync_copy
from ingest.files.corpus import without_suffix
from ingest.files.decoding import Decoded, decode
from ingest.front_matter.top import Front, read_front
from ingest.front_matter.yaml_block import FrontMatter
from ingest.kinds import Kind, KindTable
from ingest.lesson import Lesson, composed, text_of, texts_of
from ingest.markdown.blocks import Heading, Lines, Outline, outline
from ingest.markdown.unseen import without_unseen
from ingest.problem import Defect, Problem
from ingest.section import Section


@dataclass(frozen=True, slots=True)
class Statement:
    """A text of the front matter that is a passage of its own: an item of `answers`, or the `summary`."""

    text: str
    lines: Lines


@dataclass(frozen=True, slots=True)
class Reading:
    """One parsed file."""

    lesson: Lesson
    text: str
    """The whole file, with `\\n` line ends."""
    seen_text: str
    """The text without what a reader of the page does not see, such as comments; every line keeps its number."""
    sections: tuple[Section, ...]
    blocks: tuple[Lines, ...]
    answers: tuple[Statement, ...]
    summary: Statement | None
    problems: tuple[Problem, ...]
    """Problems of the file; all parts that can be read are read."""
    front_matter: Lines | None
    """Lines between the fences of a YAML front matter, the only kind that kb edits."""
    body_line: int
    """First line after the front matter, in any language."""
    matter: FrontMatter

    @property
    def has_torn_front_matter(self) -> bool:
        """Whether there is a front matter that cannot be read, so that its keys are unknown."""
        return self.matter.problem is not None and not self.lesson.metadata

    @property
    def is_known_in_part(self) -> bool:
        """Whether the keys are not known for certain, or the file is empty: then no key is reported as missing."""
        unread = (Defect.SECOND_FRONT_MATTER, Defect.EMPTY)
        return self.has_torn_front_matter or any(problem.defect in unread for problem in self.problems)


def read_lesson(data: bytes, path: str, default_id: str, kinds: KindTable) -> Reading:
    """Parse one Markdown file. Any text is a lesson; raises `Unreadable` if the bytes are not text, or a pointer."""
    refuse_stand_in(data)
    decoded = decode(data)
    text = decoded.text
    rows = text.split("\n")
    front = read_front(rows, path)
    conflicts = conflicts_in(text)
    markers = [row for conflict in conflicts for row in conflict.rows]
    parts = _outline(rows, front, markers)
    metadata = front.matter.metadata
    title = text_of(metadata.get("title")) or _first_heading(parts.headings) or _title_from_path(path)
    block = front.lines or (0, max(front.body_line, 1))
    lines = front.matter.lines
    return Reading(
        Lesson(path, composed(text_of(metadata.get("id")) or default_id), title, metadata),
        text,
        _without(without_unseen(text, parts.leaves), markers),
        (*_beside(front), *_sections(parts, front.body_line, len(rows), kinds)),
        parts.blocks,
        _statements(metadata.get("answers"), lines.get("answers", ()), block),
        next(iter(_statements(text_of(metadata.get("summary")), lines.get("summary", ()), block)), None),
        _problems(decoded, front, conflicts, path),
        front.lines,
        front.body_line,
        front.matter,
    )


def _without(text: str, rows: Sequence[int]) -> str:
    """Return a text with the lines `rows` (from 0) emptied."""
    if not rows:
        return text
    row_text = text.split("\n")
    for row in rows:
        row_text[row] = ""
    return "\n".join(row_text)


def outline_of(text: str) -> Outline:
    """Return the headings and blocks of a file's whole text, without its front matter."""
    rows = text.split("\n")
    return _outline(rows, read_front(rows, ""), ())


def _problems(decoded: Decoded, front: Front, conflicts: Sequence[Conflict], path: str) -> tuple[Problem, ...]:
    encoding = Problem(path, decoded.flaw, decoded.line, Defect.ENCODING) if decoded.flaw else None
    torn = front.matter.problem is not None and not front.matter.metadata
    in_matter = torn and any(conflict.rows[0] < end for conflict in conflicts for _, end in front.texts[:1])
    of_front = () if in_matter else front.problems  # the conflict is the cause of the other problem
    found = (
        encoding,
        *of_front,
        *(merge_conflict(conflict, path) for conflict in conflicts),
        sync_copy(path),
        empty(decoded.text, path),
    )
    return tuple(problem for problem in found if problem)


def _outline(rows: Sequence[str], front: Front, markers: Sequence[int]) -> Outline:
    """Return the outline of a file; lines that are not Markdown are emptied first, so that line numbers stay true."""
    none = {*front.rules, *markers, *range(front.body_line), *(row for lines in front.texts for row in range(*lines))}
    parts = outline(
        "\n".join("" if row in none else row_text for row, row_text in enumerate(rows)) if none else "\n".join(rows)
    )
    return replace(parts, blocks=tuple(sorted((*front.texts, *parts.blocks)))) if front.texts else parts


def _beside(front: Front) -> Iterator[Section]:
    """Yield the parts of the front matter that are searched as text, such as a key overruled by a later one."""
    for start, end in front.texts:
        if end <= front.body_line:
            yield Section(Kind.OTHER, (), (start, end), start)


def _first_heading(headings: Sequence[Heading]) -> str:
    return next((heading.title for heading in headings if heading.title), "")


def _title_from_path(path: str) -> str:
    name = without_suffix(path.rsplit("/", 1)[-1])
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
    if len(texts) != len(lines):  # an empty item: use the lines of the whole value; a merged key: those of the block
        lines = [(lines[0][0], lines[-1][1]) if lines else block] * len(texts)
    return tuple(Statement(text, place) for text, place in zip(texts, lines, strict=True))
