"""What an editor offers to change about a finding: the fix of `kb check --fix`, or a comment that allows it here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ingest.problem import Unreadable
from ingest.reading import read_lesson
from kb.check.finding import Finding
from kb.check.fixing import non_overlapping
from kb.corpus.lesson_file import LessonFile
from kb.corpus.open_census import open_census
from kb.edit.edit import Edit, edited
from kb.editor.open_lesson import OpenLesson, findings_in
from kb.editor.open_text import Range
from kb.wording import counted

_TRIED = "tried"
"""A reason with which the place of a comment is tried out."""
_MOST_ALLOWED = 10
"""Number of findings in one place for which a comment is offered, because each is tried out."""


class TextEdit(NamedTuple):
    """A replacement, with the line ends of the document."""

    range: Range
    text: str


class Action(NamedTuple):
    """A change that the user may choose."""

    title: str
    edits: tuple[TextEdit, ...]
    findings: tuple[Finding, ...]
    """What it settles."""
    is_fix: bool
    of_all: bool = False
    """Whether it settles all that can be fixed in the document."""


def actions(lesson: OpenLesson, place: Range) -> list[Action]:
    """Return what can be done about the findings in a range; raises `Unreadable` and `ConfigError`."""
    here = [finding for finding in lesson.findings if _touches(lesson.range_of(finding), place)]
    fixes = [_fix(lesson, finding) for finding in here if finding.edits]
    allowed = filter(None, (_allowing(lesson, finding) for finding in here[:_MOST_ALLOWED]))
    once = {(action.title, action.edits): action for action in allowed}  # one comment may allow several findings
    return [*fixes, *_all_fixes(lesson), *once.values()]


def _touches(one: Range, other: Range) -> bool:
    """Return whether two ranges share a line, because the cursor is seldom on the very word."""
    return one.start.line <= other.end.line and other.start.line <= one.end.line


def _fix(lesson: OpenLesson, finding: Finding) -> Action:
    return Action(f"Fix: {finding.message}", _edits(lesson, finding.edits), (finding,), is_fix=True)


def _all_fixes(lesson: OpenLesson) -> Iterator[Action]:
    fixed = tuple(non_overlapping([finding for finding in lesson.findings if finding.edits]))
    if fixed:
        edits = _edits(lesson, (edit for finding in fixed for edit in finding.edits))
        yield Action(f"Fix {counted(len(fixed), 'problem')} in this lesson", edits, fixed, is_fix=True, of_all=True)


def _edits(lesson: OpenLesson, edits: Iterable[Edit]) -> tuple[TextEdit, ...]:
    end = lesson.text.line_end
    return tuple(
        TextEdit(lesson.range_between(edit.start, edit.end), edit.text.replace("\n", end))
        for edit in dict.fromkeys(edits)
    )


def _allowing(lesson: OpenLesson, finding: Finding) -> Action | None:
    """Return the change that writes a comment; None if none would allow this finding.

    The reason is left to the author: without one, the comment allows nothing, and a finding asks for it.
    """
    line, comment = _comment(lesson.file, finding)
    start = lesson.file.offset(line)
    if not _helps(lesson, finding, Edit(start, start, comment.format(f" {_TRIED}"))):
        return None
    title = f"Allow {finding.code} here, with a reason"
    return Action(title, _edits(lesson, [Edit(start, start, comment.format(" "))]), (finding,), is_fix=False)


def _comment(file: LessonFile, finding: Finding) -> tuple[int, str]:
    """Return the line above which a comment is written, and the comment, with a gap for the reason."""
    first, end = file.reading.front_matter or (0, 0)
    line = first if finding.of_whole else finding.line - 1
    if first <= line < end:
        line = _start_of_value(file, line, finding.column - 1)
        row = file.rows[line]
        indent = row[: len(row) - len(row.lstrip())]
        return line, f"{indent}# kb: allow {finding.code}:{{}}\n"
    block = file.block_at(line)
    return block[0] if block else line, f"<!-- kb: allow {finding.code}:{{}} -->\n"


def _start_of_value(file: LessonFile, line: int, column: int) -> int:
    """Return the line of the key or item at a place: between the lines of a text there can be no comment."""
    scalar = file.scalar_at(line, column)
    key = file.places.of_key(*scalar[0]) if scalar else None
    return min(line, key.line) if key else line


def _helps(lesson: OpenLesson, finding: Finding, edit: Edit) -> bool:
    """Return whether a finding is gone after an edit, and no other is added."""
    text = edited(lesson.file.text, [edit])
    old = lesson.file
    try:
        reading = read_lesson(text.encode(), old.lesson.path, old.lesson.id, lesson.lessons.kinds)
    except Unreadable:
        return False
    file = LessonFile(old.path, old.location, reading)
    after = findings_in(file, open_census(lesson.lessons.others(old.location), file), lesson)
    same = (finding.code, finding.message)
    before = sum((one.code, one.message) == same for one in lesson.findings)
    return len(after) < len(lesson.findings) and sum((one.code, one.message) == same for one in after) < before
