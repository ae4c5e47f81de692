"""The `prepare-commit-msg` hook, which adds the closest lesson to a commit message as comment lines."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

from kb.config import Config
from kb.errors import ConfigError
from kb.schedule.git_hook import GitHook
from kb.schedule.job import name_of, own_environment, own_program, require_text
from kb.system.git import repository_of

NAME = "prepare-commit-msg"
_MADE_BY = "made by `kb hook install`, which makes it again."

_TEXT = """\
#!/bin/sh
%(mark)s
# Adds a lesson as comment lines, if one fits. No commit fails because of it, or waits for it for long.
(
    # Only where somebody will edit the message: not with -m, for a merge or --amend, in a rebase, or in CI. Git sets
    # the editor to a colon if it starts none.
    case ${2-} in '' | template) ;; *) exit ;; esac
    if [ -n "${CI-}" ] || [ "${GIT_EDITOR-}" = : ]; then exit; fi
    # Else comments become part of the message.
    case $(git config commit.cleanup) in '' | default | strip) ;; *) exit ;; esac
    folder=$(git rev-parse --git-dir) || exit
    for busy in rebase-merge rebase-apply MERGE_HEAD CHERRY_PICK_HEAD REVERT_HEAD; do
        if [ -e "$folder/$busy" ]; then exit; fi
    done
%(settings)s\
    set -- %(command)s hook commit-message --seconds %(seconds)g -- "$1" "$(git symbolic-ref --short -q HEAD)"
    if command -v timeout; then set -- timeout %(at_last)g "$@"; fi
    git diff --cached --name-only --no-renames --no-ext-diff -z | "$@"
) </dev/null >/dev/null 2>&1 || :
"""


def message_hook(config: Config, folder: Path, seconds: float) -> GitHook:
    """Return the hook for the repository that contains a folder; raises `ConfigError` if there is none.

    `seconds`: how long a commit may wait for it; a process that does not even start is ended a second later.
    """
    repository = repository_of(folder)
    if not repository:
        raise ConfigError(f"{folder.absolute()} is in no git repository that git can read; run this in one")
    root, environment = config.root.resolve(), own_environment()
    command = (*own_program(), "--root", str(root), "-q")
    require_text([*command, *environment.values()])
    mark = f"# {name_of(root)}: {_MADE_BY}"
    settings = "".join(f"    export {name}={shlex.quote(value)}\n" for name, value in environment.items())
    limits = {"seconds": seconds, "at_last": seconds + 1}
    text = _TEXT % {"mark": mark, "settings": settings, "command": shlex.join(command), **limits}
    return GitHook(repository.hooks / NAME, text, mark, "kb hook install --print")


def installed_hook(folder: Path, seconds: float) -> tuple[Path, bool] | None:
    """Return the hook of any knowledge base in a folder's repository and whether it can run; None if there is none.

    `seconds`: how long git may take to answer.
    """
    repository = repository_of(folder, seconds)
    path = repository.hooks / NAME if repository else None
    try:
        is_there = path is not None and _MADE_BY in path.read_text("utf-8", "replace")
    except OSError:
        return None
    return (path, os.access(path, os.X_OK)) if path and is_there else None
