"""A `post-merge` hook that updates the index after a `git pull`."""

from __future__ import annotations

import shlex
from pathlib import Path

from ingest.files.reason import reason_of
from kb.errors import CannotWrite, ConfigError
from kb.schedule.job import Job, name_of
from kb.system.durable import replace_text
from kb.system.git import Repository, repository_of

NAME = "post-merge"

_TEXT = """\
#!/bin/sh
%(mark)s
# In the background and without output: no pull waits for it or fails because of it. Working trees share their hooks,
# so it checks in which one it runs.
if [ "$(pwd -P)" = %(top)s ]; then
    (
        unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE
        %(settings)snohup nice %(command)s </dev/null >/dev/null 2>&1 &
    )
fi
"""


def text(job: Job) -> str:
    """Return the hook; raises `ConfigError` where there is no repository."""
    return _text(job, required_repository(job.root))


def install(job: Job) -> Path | None:
    """Write the hook and return its path; None if it is already up to date.

    Raises `ConfigError` if there is another hook, and `CannotWrite`.
    """
    repository = required_repository(job.root)
    path = repository.hooks / NAME
    try:
        found = path.read_text("utf-8", "surrogateescape") if path.exists() or path.is_symlink() else None
        if found is not None and not _is_ours(found, job.root):
            if mark_of(job.root) in found:
                return None
            raise ConfigError(f"{path} is there already; add to it what `kb schedule hook` prints")
        if found == _text(job, repository):
            return None
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_text(path, _text(job, repository))
        path.chmod(0o755)
    except OSError as error:
        raise CannotWrite(f"{error.filename or path}: {reason_of(error)}") from error
    return path


def uninstall(job: Job) -> Path | None:
    """Remove the hook and return its path; None if kb's hook is not there. Raises `ConfigError`, `CannotWrite`."""
    path = required_repository(job.root).hooks / NAME
    try:
        if not path.is_file() or not _is_ours(path.read_text("utf-8", "surrogateescape"), job.root):
            return None
        path.unlink()
    except OSError as error:
        raise CannotWrite(f"{error.filename or path}: {reason_of(error)}") from error
    return path


def mark_of(root: Path) -> str:
    """Return the line that identifies the hook of a knowledge base."""
    return f"# {name_of(root)}: made by `kb schedule hook`, which makes it again."


def required_repository(root: Path) -> Repository:
    """Return the repository; raises `ConfigError` if there is none."""
    if repository := repository_of(root):
        return repository
    raise ConfigError(f"{root} is in no git repository that git can read, so there is no pull to follow")


def _is_ours(text: str, root: Path) -> bool:
    return text.splitlines()[1:2] == [mark_of(root)]


def _text(job: Job, repository: Repository) -> str:
    return _TEXT % {
        "mark": mark_of(job.root),
        "top": shlex.quote(str(repository.top.resolve())),
        "settings": "".join(f"{name}={shlex.quote(value)} " for name, value in job.environment.items()),
        "command": shlex.join(job.arguments),
    }
