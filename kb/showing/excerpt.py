"""The part of a lesson's file that is shown: all of it, its sections of one kind, or the section at a line."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.kinds import Kind
from ingest.markdown.blocks import Lines
from ingest.passages.passage import Passage
from ingest.reading import Reading
from ingest.section import Section
from kb.errors import UnknownLesson


def excerpt(reading: Reading, kind: Kind | None, line: int | None) -> list[str]:
    """Return the unchanged text of the sections of a kind, or at a line; consecutive sections make one text.

    `line` is 1-based. Raises `UnknownLesson` if the file has no such line.
    """
    rows = reading.text.split("\n")
    sections: Sequence[Section] = [section for section in reading.sections if kind in (None, section.kind)]
    if line is not None:
        count = len(rows) - (not rows[-1])
        if not 0 < line <= count:
            raise UnknownLesson(f"{reading.lesson.path} has no line {line}: it has {count:,}")
        sections = _with_subsections(sections, line - 1, rows)
    return ["\n".join(rows[slice(*lines)]).strip("\n") for lines in _joined(sections)]


def _joined(sections: Sequence[Section]) -> list[Lines]:
    """Return the line ranges of sections; consecutive ones are joined."""
    stretches: list[Lines] = []
    for section in sections:
        start, end = section.lines
        if stretches and stretches[-1][1] == start:
            start = stretches.pop()[0]
        stretches.append((start, end))
    return stretches


def excerpt_of_index(passages: Sequence[Passage], kind: Kind | None, line: int | None) -> list[str]:
    """Return the same from the index, for a file that can no longer be read."""
    wanted = [passage for passage in passages if kind in (None, passage.kind)]
    at = next((passage for passage in wanted if line and passage.lines[0] < line <= passage.lines[1]), None)
    return [passage.text for passage in wanted if at is None or passage.headings == at.headings]


def _with_subsections(sections: Sequence[Section], line: int, rows: Sequence[str]) -> Sequence[Section]:
    """Return the section at a line and its subsections; all sections for a line of the front matter.

    For the title heading above the whole lesson, only its own text is returned, if it has any.
    """
    before = [number for number, section in enumerate(sections) if section.lines[0] <= line]
    if not before:
        return sections
    first = before[-1]
    section, depth = sections[first], len(sections[first].headings)
    end = first + 1
    while end < len(sections) and depth and sections[end].headings[:depth] == section.headings:
        if len(sections[end].headings) == depth:  # another section with the same heading
            break
        end += 1
    is_title = depth == 1 and end == len(sections) and not any(other.headings for other in sections[:first])
    if is_title and any(row.strip() for row in rows[section.body_line : section.lines[1]]):
        end = first + 1
    return sections[first:end]
