"""Lessons under check without a folder: a text, or several with a line `==> other.md <==` before each further one."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from ingest.kinds import KindTable
from ingest.reading import read_lesson
from kb.check.census import Census
from kb.check.finding import Finding, by_place
from kb.check.groups.allowance import without_allowed
from kb.check.lesson_file import LessonFile
from kb.check.rules import Selection, find

TODAY = date(2026, 11, 22)


def files_of(text: str, folder: Path = Path("/base/lessons")) -> list[LessonFile]:
    """Return the lessons of an example, the first of them `lesson.md`."""
    kinds = KindTable()
    return [
        LessonFile(name, folder / name, read_lesson(said.encode(), name, name.removesuffix(".md"), kinds))
        for name, said in _parts(text).items()
    ]


def _parts(text: str) -> dict[str, str]:
    first, *rest = re.split(r"^==> (\S+) <==\n", text, flags=re.MULTILINE)
    return {"lesson.md": first} | dict(zip(rest[::2], rest[1::2], strict=True))


def write_example(text: str, folder: Path) -> None:
    """Write the lessons of an example: links lead to files."""
    for name, said in _parts(text).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(said, "utf-8")


def found(text: str, *select: str, folder: Path = Path("/base/lessons")) -> list[Finding]:
    """Return what is found in the first lesson of an example, by place, without what it allows."""
    files = files_of(text, folder)
    wanted = Selection(select)
    findings = find(files[0], Census(files, TODAY), wanted)
    return by_place(set(without_allowed(files[0], list(findings), wanted, was_asked=False)))


def codes(text: str, *select: str) -> list[str]:
    return [finding.code for finding in found(text, *select)]
