"""A `post-merge` hook that updates the index after a `git pull`."""

from __future__ import annotations

import shlex
from pathlib import Path

from kb.errors import ConfigError
from kb.schedule.git_hook import GitHook
from kb.schedule.job import Job, name_of
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
    """Write the hook; as `GitHook.install`. Raises `ConfigError` where there is no repository, too."""
    return _hook(job).install()


def uninstall(job: Job) -> Path | None:
    """Remove the hook; as `GitHook.uninstall`. Raises `ConfigError` where there is no repository, too."""
    return _hook(job).uninstall()


def _hook(job: Job) -> GitHook:
    repository = required_repository(job.root)
    return GitHook(repository.hooks / NAME, _text(job, repository), mark_of(job.root), "kb schedule hook")


def mark_of(root: Path) -> str:
    """Return the line that identifies the hook of a knowledge base."""
    return f"# {name_of(root)}: made by `kb schedule hook`, which makes it again."


def required_repository(root: Path) -> Repository:
    """Return the repository; raises `ConfigError` if there is none."""
    if repository := repository_of(root):
        return repository
    raise ConfigError(f"{root} is in no git repository that git can read, so there is no pull to follow")


def _text(job: Job, repository: Repository) -> str:
    return _TEXT % {
        "mark": mark_of(job.root),
        "top": shlex.quote(str(repository.top.resolve())),
        "settings": "".join(f"{name}={shlex.quote(value)} " for name, value in job.environment.items()),
        "command": shlex.join(job.arguments),
    }
