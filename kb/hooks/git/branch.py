"""What a branch changes, and what its commits say; see `kb.system.git` for what git may do."""

from __future__ import annotations

import os
from pathlib import Path

from kb.errors import NoRepository
from kb.system.git import git_bytes
from kb.system.program import ProgramFailed

_LIKELY_BASES = ("origin/HEAD", "origin/main", "origin/master", "main", "master")
_MOST_COMMITS = 50
_QUIET = ("--no-show-signature", "--no-ext-diff", "--no-textconv", "--no-color", "--no-notes")


def branch_of(folder: Path) -> str:
    """Return the name of the branch that is checked out; empty if there is none."""
    return _answered(folder, "symbolic-ref", "--short", "-q", "HEAD").strip()


def base_of(folder: Path, named: str | None) -> str:
    """Return the commit at which the branch left another: the one named, else the likely one.

    Raises `NoRepository` if there is no repository, or no such branch, tag or commit.
    """
    if not _answered(folder, "rev-parse", "--is-inside-work-tree"):
        raise NoRepository(f"{folder.absolute()} is in no git repository that git can read; run this in one")
    for base in (named,) if named else _LIKELY_BASES:
        commit = _answered(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{base}^{{commit}}").strip()
        if commit and (fork := _answered(folder, "merge-base", commit, "HEAD").strip()):
            return fork
    raise NoRepository(f"git finds no commit that HEAD and {named or 'main'} have in common; name a branch with --base")


def messages_since(folder: Path, commit: str) -> list[str]:
    """Return the messages of the commits since one, the newest first."""
    log = ("log", *_QUIET, "-z", f"--max-count={_MOST_COMMITS}", "--no-merges", "--format=%B", f"{commit}..HEAD")
    return [message.strip() for message in _answered(folder, *log).split("\0") if message.strip()]


def paths_since(folder: Path, commit: str) -> tuple[str, ...]:
    """Return the files that differ between a commit and `HEAD`, or the index, whose changes are to be committed."""
    diff = ("diff", "--cached", "--name-only", "--no-renames", "--no-ext-diff", "--no-textconv", "-z", commit, "--")
    return tuple(name for name in _answered(folder, *diff).split("\0") if name)


def _answered(folder: Path, *command: str) -> str:
    try:
        return os.fsdecode(git_bytes(folder, *command))
    except ProgramFailed:
        return ""
