"""What `kb check` finds in a few lessons: given as a text, none of them written, or as the files of a folder."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from ingest.kinds import KindTable
from ingest.reading import read_lesson
from kb.check.allowing import without_allowed
from kb.check.finding import Finding, by_place
from kb.check.groups import people, reuse
from kb.check.request import CheckRequest
from kb.check.rules import Selection, find
from kb.check.run import check
from kb.config import PEOPLE_FILE, read_config
from kb.corpus.census import Census
from kb.corpus.lesson_file import LessonFile
from kb.edit.edit import edited
from kb.people.people_file import directory_of
from kb.reuse.ledger import recorded_in
from tests.conftest import write

TODAY = date(2026, 11, 22)
_FOLDER = Path("/base/lessons")


def _parts(text: str) -> dict[str, str]:
    """Return `lesson.md`, unless a text begins with such a line, and what stands below each line `==> other.md <==`."""
    first, *others = re.split(r"^==> (.+) <==\n", text, flags=re.MULTILINE)
    own = {} if others and not first else {"lesson.md": first}
    return own | dict(zip(others[::2], others[1::2], strict=True))


def files_of(text: str, folder: Path = _FOLDER) -> list[LessonFile]:
    """Return the lessons of a text, the first of them `lesson.md`."""
    kinds = KindTable()
    return [
        LessonFile(name, folder / name, read_lesson(said.encode(), name, name.removesuffix(".md"), kinds))
        for name, said in _parts(text).items()
        if name.endswith(".md") and name != PEOPLE_FILE
    ]


def write_example(text: str, folder: Path) -> None:
    """Write the lessons of a text, so that their links lead to files."""
    for name, said in _parts(text).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(said, "utf-8")


def found(text: str, *select: str, folder: Path = _FOLDER) -> list[Finding]:
    """Return what is found in `lesson.md` by place, without what it allows."""
    files = files_of(text, folder)
    wanted = Selection(select)
    directory = directory_of(_parts(text).get(PEOPLE_FILE, "").encode())
    findings = list(find(files[0], Census(files, TODAY, people=directory), wanted))
    ledger = [(name, text) for name, text in _parts(text).items() if name.endswith(".jsonl")]
    recorded = recorded_in(ledger, TODAY)
    uses = reuse.of_ledger(recorded, [file.lesson.id for file in files])
    beside = (*people.of_directory(directory, PEOPLE_FILE), *uses)
    return by_place({*without_allowed(files[0], findings, wanted, index_used=False), *beside})


def codes(text: str, *select: str) -> list[str]:
    """Return what is found, each without the name of its group."""
    return [finding.code.partition(".")[2] for finding in found(text, *select)]


def mended(text: str, *select: str) -> str:
    """Return `lesson.md` with all mended that can be."""
    return edited(_parts(text)["lesson.md"], [edit for finding in found(text, *select) for edit in finding.edits])


def findings(root: Path, files: Mapping[str, str | bytes], *select: str) -> list[Finding]:
    """Write lessons below a root without a configuration of its own, and check them all."""
    (root / "kb.toml").touch()
    for name, text in files.items():
        write(root, name, text)
    return list(check(read_config(root), CheckRequest(select=select), TODAY).findings)


def said(found: list[Finding]) -> list[tuple[str, str]]:
    """Return each finding as the name of its file and its place, and what is said."""
    return [(f"{Path(one.path).name}:{one.line}:{one.column}", f"{one.code}: {one.message}") for one in found]
