"""Which schedules of a knowledge base this machine has."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kb.schedule import cron, hook
from kb.schedule.job import name_of
from kb.schedule.user_manager import enabling_link, unit_folder
from kb.system.git import Repository, repository_of
from kb.system.program import output_or_none

# So short that all queries together finish, or time out, within a second.
_SECONDS = 0.3


@dataclass(frozen=True, slots=True)
class Found:
    """A schedule that exists."""

    kind: str
    """`systemd`, `cron`, `github`, `gitlab` or `hook`."""
    where: str
    runs: bool
    """False for a timer that is not enabled and a hook that is not executable. True for every workflow, because
    whether a server runs it cannot be determined here."""


def schedules_of(root: Path) -> list[Found]:
    """Return the schedules of a knowledge base; a tool that is missing or does not answer counts as having none."""
    root = root.resolve()
    found = [*_timers(root), *_cron_lines(root)]
    if repository := repository_of(root, _SECONDS):
        found += [*_workflows(root, repository), *_hooks(root, repository)]
    return found


def _timers(root: Path) -> Iterator[Found]:
    timer = f"{name_of(root)}.timer"
    path = unit_folder() / timer
    if path.is_file():
        yield Found("systemd", str(path), enabling_link(timer).is_symlink())


def _cron_lines(root: Path) -> Iterator[Found]:
    spellings = "|".join(re.escape(spelling) for spelling in (str(root), cron.word(str(root))[1:-1]))
    of_root = re.compile(rf"(?<![\w./-])(?:{spellings})(?![\w.-])")
    for line in (output_or_none("crontab", "-l", seconds=_SECONDS) or "").splitlines():
        if not line.lstrip().startswith("#") and "reindex" in line and of_root.search(line):
            yield Found("cron", line, True)


def _workflows(root: Path, repository: Repository) -> Iterator[Found]:
    place = root.relative_to(repository.top.resolve()).as_posix()
    for kind, pattern in (("github", ".github/workflows/*.y*ml"), ("gitlab", ".gitlab-ci.yml")):
        for path in sorted(repository.top.glob(pattern)):
            text = _text_of(path)
            if "schedule" in text and re.search(r"\bkb\b.*\breindex\b", text) and (place == "." or place in text):
                yield Found(kind, str(path), True)


def _hooks(root: Path, repository: Repository) -> Iterator[Found]:
    path = repository.hooks / hook.NAME
    if hook.mark_of(root) in _text_of(path):
        yield Found("hook", str(path), os.access(path, os.X_OK))


def _text_of(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""
