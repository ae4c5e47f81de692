"""Links and images in the text that lead to other files."""

from __future__ import annotations

import html
import os
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote

from ingest.markdown import Lines, targets
from ingest.places import Span
from kb.check.census import Census
from kb.check.finding import Finding
from kb.check.lesson_file import LessonFile
from kb.check.rule import Rule, Severity

DEAD_LINK = Rule(
    "structure.dead-link",
    Severity.ERROR,
    "A link or an image leads to a file that is not there.",
    "have a link to a file that is not there",
    "Whoever follows it arrives nowhere. Correct the path, which is relative to the lesson's own folder, or take the "
    "link away. Addresses with a scheme, and those that begin with `/`, are not looked at.",
    "# Wrong labels\n\nThe [checklist](cheklist.md) is short.\n\n==> checklist.md <==\n# Checklist\n",
    "# Wrong labels\n\nThe [checklist](checklist.md) is short.\n\n==> checklist.md <==\n# Checklist\n",
)
RULES = (DEAD_LINK,)

_TARGET = r"(?:<([^<>\n]+)>|([^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)*))"
_INLINE = re.compile(r"\]\(\s*" + _TARGET)
_DEFINITION = re.compile(r"\[[^\[\]\n]+\]:[ \t]*" + _TARGET)
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|[/#?]", re.IGNORECASE)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


@dataclass(frozen=True, slots=True)
class _Suspect:
    """What looks like a link and leads nowhere; whether it is one the parser knows."""

    span: Span
    target: str
    is_definition: bool


def check(file: LessonFile, census: Census) -> Iterator[Finding]:
    """Yield the links that lead nowhere."""
    suspects = list(_suspects(file))
    if not suspects:
        return
    links: defaultdict[str, list[Lines]] = defaultdict(list)
    for target, lines in targets(_body(file)):
        links[unquote(target)].append(lines)
    for suspect in suspects:
        places = links.get(unquote(suspect.target), ())
        if any(suspect.is_definition or start <= suspect.span.line < end for start, end in places):
            said = f"the link to {suspect.target} leads nowhere; {_advice(file, suspect.target, census)}"
            yield DEAD_LINK.at(file, suspect.span, said)


def _suspects(file: LessonFile) -> Iterator[_Suspect]:
    for pattern, mark in ((_INLINE, "]("), (_DEFINITION, "]:")):
        if mark in file.text:
            for match in pattern.finditer(file.text, _start(file)):
                number = 1 if match[1] else 2
                target = html.unescape(_ESCAPED.sub(r"\1", match[number]))
                if not _leads_somewhere(file, target):
                    yield _Suspect(file.span_of(match.start(number), match.end(number)), target, mark == "]:")


def _start(file: LessonFile) -> int:
    """Return where the text below the front matter begins."""
    return file.offset(file.reading.front_matter[1] + 1) if file.reading.front_matter else 0


def _body(file: LessonFile) -> str:
    """Return the text below the front matter, each line with the number that it has in the file."""
    start = _start(file)
    return "\n" * file.text.count("\n", 0, start) + file.text[start:]


def _leads_somewhere(file: LessonFile, target: str) -> bool:
    path = _path_in(target)
    return not path or bool(_ELSEWHERE.match(target)) or _exists(file.location.parent / path)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # a name that no file can have
        return False


def _path_in(target: str) -> str:
    """Return the path of a target, without anchor and query."""
    return unquote(re.split("[#?]", target, maxsplit=1)[0])


def _advice(file: LessonFile, target: str, census: Census) -> str:
    """Name the file that is meant: the only one of that name in the library, else one nearby with nearly that name."""
    path = file.location.parent / _path_in(target)
    for name in (path.name, f"{path.name}.md"):
        if len(found := census.by_name.get(name, ())) == 1:
            return f"did you mean {_relative(found[0], file)}?"
    if near := census.names_in(path.parent).near(path.name):
        return f"did you mean {_relative(path.parent / near[0], file)}?"
    return "correct it, or take it away"


def _relative(path: Path, file: LessonFile) -> str:
    return quote(Path(os.path.relpath(path, file.location.parent)).as_posix())
