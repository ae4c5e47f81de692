"""Finds the schedules of a knowledge base on this machine: a function for each kind."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kb.schedule import cron, hook
from kb.schedule.job import name_of
from kb.schedule.user_manager import enabling_link, unit_folder
from kb.system.git import Repository
from kb.system.program import output_or_none

SECONDS = 0.3
"""How long another program may take to answer: so short that all queries together end within a second."""


@dataclass(frozen=True, slots=True)
class Found:
    """A schedule that exists."""

    kind: str
    """Its name in `KINDS`."""
    where: str
    runs: bool
    """False for a timer that is not enabled and a hook that is not executable. True for every workflow, because
    whether a server runs it cannot be determined here."""


def timers(root: Path, repository: Repository | None) -> Iterator[Found]:
    timer = f"{name_of(root)}.timer"
    path = unit_folder() / timer
    if path.is_file():
        yield Found("systemd", str(path), enabling_link(timer).is_symlink())


def cron_lines(root: Path, repository: Repository | None) -> Iterator[Found]:
    spellings = "|".join(re.escape(spelling) for spelling in (str(root), cron.word(str(root))[1:-1]))
    of_root = re.compile(rf"(?<![\w./-])(?:{spellings})(?![\w.-])")
    for line in (output_or_none("crontab", "-l", seconds=SECONDS) or "").splitlines():
        if not line.lstrip().startswith("#") and "reindex" in line and of_root.search(line):
            yield Found("cron", line, True)


def workflows(kind: str, pattern: str, root: Path, repository: Repository | None) -> Iterator[Found]:
    """Yield the files in the repository that match a pattern and run `kb reindex` on a schedule."""
    if repository is None:
        return
    place = root.relative_to(repository.top.resolve()).as_posix()
    for path in sorted(repository.top.glob(pattern)):
        text = _text_of(path)
        if "schedule" in text and re.search(r"\bkb\b.*\breindex\b", text) and (place == "." or place in text):
            yield Found(kind, str(path), True)


def hooks(root: Path, repository: Repository | None) -> Iterator[Found]:
    if repository is None:
        return
    path = repository.hooks / hook.NAME
    if hook.mark_of(root) in _text_of(path):
        yield Found("hook", str(path), os.access(path, os.X_OK))


def _text_of(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""
