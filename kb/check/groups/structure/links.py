"""Links and images in the text that refer to other files."""

from __future__ import annotations

import html
import os
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote, unquote

from ingest.front_matter.places import Span
from ingest.markdown.blocks import Lines, targets
from kb.check.finding import Finding
from kb.check.rule import Rule
from kb.check.severity import Severity
from kb.corpus.census import Census
from kb.corpus.lesson_file import LessonFile
from kb.corpus.link_target import file_named

DEAD_LINK = Rule(
    "structure.dead-link",
    Severity.ERROR,
    "A link or an image leads to a file that does not exist.",
    "have a link to a file that does not exist",
    "Readers find nothing there. Correct the path, which is relative to the lesson's own folder, or remove the "
    "link. Addresses with a scheme, and those that begin with `/`, are not checked.",
    "# Wrong labels\n\nThe [checklist](cheklist.md) is short.\n\n==> checklist.md <==\n# Checklist\n",
    "# Wrong labels\n\nThe [checklist](checklist.md) is short.\n\n==> checklist.md <==\n# Checklist\n",
)
RULES = (DEAD_LINK,)

_TARGET = r"(?:<([^<>\n]+)>|([^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)*))"
_INLINE = re.compile(r"\]\(\s*" + _TARGET)
_DEFINITION = re.compile(r"\[[^\[\]\n]+\]:[ \t]*" + _TARGET)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def check(file: LessonFile, census: Census) -> Iterator[Finding]:
    """Yield the links whose target does not exist."""
    for block, suspects in by_block(file, _suspects(file)):
        links = {unquote(target) for target in targets(block)}
        for span, target in suspects:
            if unquote(target) in links:
                message = f"the link to {target} leads nowhere; {_advice(file, target, census)}"
                yield DEAD_LINK.at(file, span, message)


Suspect = tuple[Span, str]
"""A possible link: the span of its target, and the target."""


def by_block(file: LessonFile, suspects: Iterable[Suspect]) -> Iterator[tuple[str, list[Suspect]]]:
    """Yield the text of each block with possible links, and these; a link outside of all blocks is in a heading."""
    blocks = file.reading.blocks
    found: defaultdict[Lines, list[Suspect]] = defaultdict(list)
    for span, target in suspects:
        number = bisect_right(blocks, span.line, key=lambda lines: lines[0]) - 1
        inside = number >= 0 and span.line < blocks[number][1]
        found[blocks[number] if inside else (span.line, span.line + 1)].append((span, target))
    for lines, suspects in found.items():
        yield "\n".join(file.rows[slice(*lines)]), suspects


def _suspects(file: LessonFile) -> Iterator[Suspect]:
    for pattern, mark in ((_INLINE, "]("), (_DEFINITION, "]:")):
        if mark in file.text:
            for match in pattern.finditer(file.text, _start(file)):
                number = 1 if match[1] else 2
                target = html.unescape(_ESCAPED.sub(r"\1", match[number]))
                if not _leads_somewhere(file, target):
                    yield file.span_of(match.start(number), match.end(number)), target


def _start(file: LessonFile) -> int:
    """Return the offset at which the text below the front matter begins."""
    return file.offset(file.reading.body_line)


def _leads_somewhere(file: LessonFile, target: str) -> bool:
    path = file_named(target)
    return not path or _exists(file.location.parent / path)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # not a valid file name
        return False


def _advice(file: LessonFile, target: str, census: Census) -> str:
    """Suggest a file: the only one with that name in the library, else a similar name in the same folder."""
    path = file.location.parent / file_named(target)
    for name in (path.name, f"{path.name}.md"):
        if len(found := census.by_name.get(name, ())) == 1:
            return f"did you mean {_relative(found[0], file)}?"
    if near := census.names_in(path.parent).near(path.name):
        return f"did you mean {_relative(path.parent / near[0], file)}?"
    return "correct it, or remove it"


def _relative(path: Path, file: LessonFile) -> str:
    return quote(Path(os.path.relpath(path, file.location.parent)).as_posix())
