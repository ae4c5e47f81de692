"""A small library on disk, and a lesson of it as an editor has it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from kb.editor.completing import completions
from kb.editor.desk import Desk
from kb.editor.open_lesson import OpenLesson
from kb.editor.open_text import Position
from kb.editor.proposal import Proposals
from tests.conftest import write

TODAY = date(2026, 11, 22)
CURSOR = "|"

LABELS = """\
---
id: labels
title: Wrong labels
summary: One parcel in ten came back.
status: validated
tags: [parcels, "4711: labels", depot]
unit: Depot East
people:
  - name: Ana Silva
    contact: ana@example.org
---
# Wrong labels

## Method
We counted.
"""
ROUTES = """\
---
title: Late routes
tags: [parcels]
unit: Depot East
status: superseded
people:
  - {name: Ben Roy, contact: ben@example.org}
  - {name: Ana Silva, contact: ana@example.org}
---
# Late routes
"""


def make_library(root: Path) -> Path:
    """Write two lessons and an empty configuration below a folder; return the folder."""
    root.mkdir(exist_ok=True)
    (root / "kb.toml").touch()
    write(root, "labels.md", LABELS)
    write(root, "routes.md", ROUTES)
    return root


def opened(root: Path, text: str, name: str = "draft.md") -> OpenLesson:
    """Open a text as a lesson of the library."""
    desk = Desk(lambda: TODAY)
    desk.open("it", root / "lessons" / name, 1, text)
    desk.check("it")
    lesson = desk.lesson("it")
    assert lesson
    return lesson


def proposed(root: Path, marked: str) -> Proposals:
    """Return what is proposed where a text has the mark."""
    before, _, after = marked.partition(CURSOR)
    lesson = opened(root, before + after)
    line = before.count("\n")
    return completions(lesson, Position(line, len(before.rpartition("\n")[2])))


def texts(root: Path, marked: str) -> list[str]:
    return [one.text for one in proposed(root, marked).items]
