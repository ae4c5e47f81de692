"""Reads the top of a file: its front matter, and lines that only look like one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from ingest.format import FORMAT
from ingest.front_matter.block import FrontBlock, Language, front_block, is_never_closed, looks_like_a_key, opened_by
from ingest.front_matter.data_block import parse_data_matter
from ingest.front_matter.key_line import is_certain
from ingest.front_matter.unread import Unread, fence_meant, no_closing, unread_front
from ingest.front_matter.yaml_block import FrontMatter, parse_front_matter
from ingest.problem import Defect, Problem

if TYPE_CHECKING:
    from ingest.markdown.blocks import Lines

_LONGEST_KEY = 4
"""Most words of a key; more are a sentence with a colon."""


class Front(NamedTuple):
    """The parsed top of a file, and which of its lines are not Markdown; lines are counted from 0."""

    matter: FrontMatter = FrontMatter()
    lines: Lines | None = None
    """Lines of the front matter without its fences, if kb can edit it: only YAML that could be read."""
    body_line: int = 0
    """First line of the body, from 0."""
    texts: tuple[Lines, ...] = ()
    """Line ranges that are plain text: they are searched and shown, but not parsed as Markdown."""
    rules: tuple[int, ...] = ()
    """Lines that are thematic breaks."""
    problems: tuple[Problem, ...] = ()


def read_front(rows: Sequence[str], path: str) -> Front:
    """Parse the top of a file. Never raises; lines that cannot be parsed stay searchable text."""
    block = front_block(rows)
    if not block and is_never_closed(rows):
        problem = _never_closed(rows, path)
        return Front(FrontMatter(problem=problem), problems=(problem,))
    if not block:
        unread = unread_front(rows)
        return _unread(unread, path) if unread else Front()
    matter = _parsed(rows, block, path)
    if _is_prose(rows, block, matter):
        return Front(rules=(block.start, block.end - 1))
    if matter.problem and not matter.metadata:
        return Front(matter, texts=((block.start, block.end),), problems=(matter.problem,))
    second = _second(rows, block, path)
    texts = (*matter.overruled, *second)
    problems = [matter.problem] if matter.problem else []
    problems += [_named(path, lines[0]) for lines in second]
    lines = block.lines if block.language is Language.YAML else None
    return Front(matter, lines, block.end, texts, problems=tuple(problems))


def _never_closed(rows: Sequence[str], path: str) -> Problem:
    """Return the problem at the line that was meant to close it, if there is one, else at line 1."""
    _, (fence, *_) = opened_by(rows[0]) or ("", ("---",))
    meant = next((row for row in range(1, len(rows)) if fence_meant(rows[row])), 0) if fence == "---" else 0
    if meant and is_certain(rows[1:meant], may_be_a_title=True):
        return Problem(path, f"front matter {no_closing(rows[meant])}", meant + 1, Defect.FRONT_MATTER)
    return Problem(path, f"front matter is never closed; end it with a line of `{fence}`", 1, Defect.FRONT_MATTER)


def _unread(unread: Unread, path: str) -> Front:
    problem = Problem(path, unread.reason, unread.start + 1, Defect.UNREAD_FRONT_MATTER)
    return Front(FrontMatter(problem=problem), texts=((unread.start, unread.end),), problems=(problem,))


def _parsed(rows: Sequence[str], block: FrontBlock, path: str) -> FrontMatter:
    start, end = block.lines
    text = "\n".join(rows[start:end])
    if block.language is Language.YAML:
        return parse_front_matter(text, path, start)
    return parse_data_matter(text, path, start, block.language)


def _is_prose(rows: Sequence[str], block: FrontBlock, matter: FrontMatter) -> bool:
    """Return whether the lines between two `---` are prose between thematic breaks instead of front matter."""
    lines = rows[slice(*block.lines)]
    if block.language is not Language.YAML or not any(row.strip() for row in lines):
        return False
    if is_certain(lines, may_be_a_title=bool(matter.problem and lines[0].strip())):
        return False
    if matter.metadata:
        is_apart = not lines[0].strip() and FORMAT.keys.keys().isdisjoint(matter.metadata)
        return is_apart or any(len(key.split()) > _LONGEST_KEY for key in matter.metadata)
    if not matter.problem:
        return False
    return not lines[0].strip() or not any(looks_like_a_key(row.lstrip(" -{\"'")) for row in lines)


def _second(rows: Sequence[str], above: FrontBlock, path: str) -> list[Lines]:
    """Return the lines of a second front matter below the first; some tools add theirs above an existing one."""
    start = next((row for row in range(above.end, len(rows)) if rows[row].strip()), 0)
    block = front_block(rows, start) if start else None
    if block and block.language is not Language.JSON and looks_like_a_key(rows[block.lines[0]].replace("=", ":")):
        return [(block.start, block.end)] if _parsed(rows, block, path).metadata else []
    unread = unread_front(rows, above.end)
    return [(unread.start, unread.end)] if unread else []


def _named(path: str, row: int) -> Problem:
    reason = "a second front matter, whose keys are ignored; move them into the first"
    return Problem(path, reason, row + 1, Defect.SECOND_FRONT_MATTER)
