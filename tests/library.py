"""A small library in a git repository, for tests of its history."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tests.git import WRITER, git

LABELS = """\
---
id: labels
status: validated
summary: Parcels came back because labels fell off.
---
# Labels that fall off

## Problem

Parcels came back because their labels fell off.

## What we did

We cleaned the boxes.
"""
FORMS = "# Forms nobody reads\n\n## Problem\n\nNobody reads the long forms.\n"


def repository(root: Path) -> Path:
    """Make a git repository of a folder."""
    git(root, "init", "-q", "-b", "main")
    return root


def committed(root: Path, day: str, files: dict[str, str | None] | None = None) -> str:
    """Write lessons, or remove those that are None, and commit everything at noon of a day; return the commit."""
    for path, text in (files or {}).items():
        file = root / "lessons" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if text is None:
            file.unlink()
        else:
            file.write_text(text, "utf-8")
    noon = f"{day}T12:00:00Z"
    times = {"GIT_AUTHOR_DATE": noon, "GIT_COMMITTER_DATE": noon}
    for command in (["add", "--all"], ["commit", "-q", "--allow-empty", "-m", day]):
        subprocess.run(
            ["git", "-C", str(root), *command], check=True, capture_output=True, env=os.environ | WRITER | times
        )
    return git(root, "rev-parse", "HEAD")
