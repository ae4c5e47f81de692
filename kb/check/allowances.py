"""Comments that allow one rule's code at one place: their positions, and the lines that they cover.

`<!-- kb: allow CODE: reason -->` in the text, `# kb: allow CODE: reason` in the front matter.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.front_matter.places import Span, Steps
from ingest.markdown.blocks import Lines
from ingest.markdown.comments import end_of_comments
from kb.corpus.lesson_file import LessonFile

_HINT = re.compile(r"kb:\s*allow\b")
_IN_TEXT = re.compile(r"<!--\s*kb:\s*allow\b(?P<said>.*?)-->", re.DOTALL)
_IN_MATTER = re.compile(r"(?:^|(?<=\s))#\s*kb:\s*allow\b(?P<said>.*)")
_CONTENT = re.compile(r"\s*(?P<code>[^\s:]*)\s*:?\s*(?P<reason>.*?)\s*", re.DOTALL)
_BACKTICKS = re.compile("`+")
_FENCE = re.compile(r"\s*(?:[-*+>]\s+)*(?P<mark>`{3,}|~{3,})")


@dataclass(frozen=True, slots=True)
class Allowance:
    """A comment that allows a code."""

    code: str
    reason: str
    span: Span
    """The span of the comment."""
    lines: Lines
    """The lines in which it allows the code."""
    of_whole: bool
    """Whether it also allows findings on the lesson as a whole."""


def allowances(file: LessonFile) -> list[Allowance]:
    """Return all allowances in a lesson's comments, valid or not, in order."""
    if "allow" not in file.text or not _HINT.search(file.text):
        return []
    return [*_of_matter(file), *_of_text(file)]


def _of_matter(file: LessonFile) -> Iterator[Allowance]:
    starts = _key_starts(file)
    for line in range(*(file.reading.front_matter or (0, 0))):
        match = _IN_MATTER.search(file.rows[line])
        if match and not _is_value(file, line, match.start()):
            is_alone = not file.rows[line][: match.start()].strip()
            span = Span(line, match.start(), line, len(file.rows[line]))
            yield _allowance(match["said"], span, (line, _end_of_key(file, starts, line + is_alone)), of_whole=True)


def _is_value(file: LessonFile, line: int, column: int) -> bool:
    """Return whether a place is inside a scalar, where `#` begins no comment."""
    scalar = file.scalar_at(line, column)
    if not scalar:
        return False
    steps, span = scalar
    key = file.places.of_key(*steps)
    is_block = file.text_in(span)[:1] in ("|", ">")
    return not (is_block and key and column <= key.column)


_Start = tuple[int, int, int, Steps]
"""Start of a key or an item: line, column, depth, and its path."""


def _key_starts(file: LessonFile) -> list[_Start]:
    places = file.places
    begins = [*places.keys.items(), *((steps, span) for steps, span in places.values.items() if _is_item(steps))]
    return sorted((span.line, span.column, len(steps), steps) for steps, span in begins)


def _end_of_key(file: LessonFile, starts: Sequence[_Start], line: int) -> int:
    """Return the line after the first key or item that begins on `line` or below it."""
    first = bisect_left(starts, line, key=lambda start: start[0])
    if first == len(starts):
        return line
    _, _, depth, key = starts[first]
    after = (starts[at][0] for at in range(first + 1, len(starts)) if starts[at][3][:depth] != key)
    assert file.reading.front_matter
    return next((start for start in after if start > starts[first][0]), file.reading.front_matter[1])


def _is_item(steps: Sequence[str | int]) -> bool:
    return bool(steps) and isinstance(steps[-1], int)


def _of_text(file: LessonFile) -> Iterator[Allowance]:
    first = file.reading.body_line
    if first >= len(file.rows):
        return
    plain = _without_code(file.rows[first:])
    blocks = _blocks(file)
    begins = min((block[0] for block in blocks), default=len(file.rows))
    for match in _IN_TEXT.finditer(plain, 0, end_of_comments(plain)):
        start = file.offset(first) + match.start()
        span = file.span_of(start, start + len(match.group()))
        is_first = not first and span.line <= begins
        yield _allowance(match["said"], span, _reach(file, blocks, span), of_whole=is_first)


def _reach(file: LessonFile, blocks: Sequence[Lines], span: Span) -> Lines:
    """Return the lines of a comment, and those of the next block if the comment is alone on its lines."""
    is_alone = not (file.rows[span.line][: span.column] + file.rows[span.end_line][span.end_column :]).strip()
    end = span.end_line + 1
    if is_alone:
        at = bisect_right(blocks, span.line, key=lambda block: block[0]) - 1
        if at >= 0 and span.line < blocks[at][1]:  # within a list: up to the next empty line
            end = min(blocks[at][1], file.next_blank(end))
        else:
            below = bisect_left(blocks, end, key=lambda block: block[0])
            end = blocks[below][1] if below < len(blocks) else end
    return span.line, end


def _blocks(file: LessonFile) -> list[Lines]:
    headings = [(section.lines[0], section.body_line) for section in file.reading.sections if section.headings]
    return sorted([*file.reading.blocks, *headings])


def _without_code(rows: Sequence[str]) -> str:
    """Return the text with code replaced by blanks, because a comment in code is only an example."""
    fence = ""
    plain = []
    for row in rows:
        mark = match["mark"] if (match := _FENCE.match(row)) else ""
        is_code = bool(fence or mark)
        if fence and mark.startswith(fence):
            fence = ""
        elif not fence:
            fence = mark
        plain.append(" " * len(row) if is_code else _without_code_spans(row))
    return "\n".join(plain)


def _without_code_spans(row: str) -> str:
    """Replace code spans by blanks, from the left: the text between two runs of backticks of equal length."""
    if "`" not in row:
        return row
    runs = [run.span() for run in _BACKTICKS.finditer(row)]
    behind: defaultdict[int, list[int]] = defaultdict(list)
    for start, end in reversed(runs):
        behind[end - start].append(end)
    plain, done = [], 0
    for start, end in runs:
        ends = behind[end - start]
        while ends and ends[-1] <= end:
            ends.pop()
        if start >= done and ends:
            plain += [row[done:start], " " * (ends[-1] - start)]
            done = ends[-1]
    return "".join([*plain, row[done:]])


def _allowance(comment: str, span: Span, lines: Lines, *, of_whole: bool) -> Allowance:
    match = _CONTENT.fullmatch(comment)
    assert match
    return Allowance(match["code"], " ".join(match["reason"].split()), span, lines, of_whole)
