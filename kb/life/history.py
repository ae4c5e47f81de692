"""The `history` of a lesson: what was done to it, when, by whom and why."""

from __future__ import annotations

import getpass
from datetime import date
from pathlib import Path
from typing import Any

from kb.corpus.lesson_file import LessonFile
from kb.errors import CannotEdit
from kb.system.git import author_of


def signature(folder: Path) -> str:
    """Return the git author as `Name <address>`, else the login name; empty if neither is known."""
    if author := author_of(folder):
        return f"{author.name} <{author.email}>"
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container's user may have no name
        return ""


def continued(file: LessonFile, today: date, what: str, by: str, because: str = "") -> list[Any]:
    """Return a lesson's history with one event appended; raises `CannotEdit` if it is not a list."""
    past = file.metadata.get("history") or []
    if not isinstance(past, list):
        line = (file.places.of_key("history") or file.span_of(0, 0)).line + 1
        raise CannotEdit(f"{file.path}:{line}: history is not a list; correct it first; nothing was changed")
    entry = {"date": today.isoformat(), "what": what, "by": by, "because": because}
    return [*past, {key: value for key, value in entry.items() if value}]
