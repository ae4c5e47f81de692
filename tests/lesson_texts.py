"""Lessons under check, from texts: no file is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from ingest.kinds import KindTable
from ingest.reading import read_lesson
from kb.check.census import Census
from kb.check.finding import Finding, by_place
from kb.check.lesson_file import LessonFile
from kb.edit.edit import edited

TODAY = date(2026, 11, 22)
_FOLDER = Path("/base/lessons")
_NEXT_FILE = re.compile(r"^==> (.+) <==\n", re.MULTILINE)

Check = Callable[[LessonFile, Census], Iterator[Finding]]


def lesson_file(text: str, name: str = "lesson.md") -> LessonFile:
    reading = read_lesson(text.encode(), name, name.removesuffix(".md"), KindTable())
    return LessonFile(name, _FOLDER / name, reading)


def lesson_files(text: str) -> list[LessonFile]:
    """Return `lesson.md`, and what stands below each line `==> other.md <==`."""
    first, *others = _NEXT_FILE.split(text)
    return [
        lesson_file(first),
        *(lesson_file(body, name) for name, body in zip(others[::2], others[1::2], strict=True)),
    ]


def found(check: Check, text: str) -> list[Finding]:
    """Return what a group of rules finds in `lesson.md`, by place."""
    files = lesson_files(text)
    return by_place(check(files[0], Census(files, TODAY)))


def codes(check: Check, text: str) -> list[str]:
    """Return what is found, without its group."""
    return [finding.code.partition(".")[2] for finding in found(check, text)]


def mended(check: Check, text: str) -> str:
    """Return `lesson.md` with all its findings mended that can be."""
    return edited(lesson_files(text)[0].text, [edit for finding in found(check, text) for edit in finding.edits])
