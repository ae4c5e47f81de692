"""The git repository that contains a knowledge base."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from kb.errors import NoRepository
from kb.system.program import ProgramFailed, bytes_from

_SECONDS = 10
_SECONDS_OF_HISTORY = 60
_MOST_COMMITS = 200_000
# Git sets these in a hook to name its repository; here the repository is given by the folder.
_OF_A_HOOK = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE")
# The configuration of a repository may name programs that git starts. Queries need none of them, so these are off:
# file monitor, hooks, bare repositories inside this one, and fetching of missing objects. Nor may replacement refs or
# grafts put other commits and files in the place of those that were committed.
# A `.mailmap` is read only by who asks for it: it may be a pipe, for which git waits.
_QUIETLY = {
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "safe.bareRepository": "explicit",
    "log.mailmap": "false",
}
_WITHOUT_WRITING_OR_FETCHING = {"GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none"}
_AS_COMMITTED = {"GIT_NO_REPLACE_OBJECTS": "1", "GIT_GRAFT_FILE": os.devnull}
# Only the `.mailmap` of the repository is read, because its settings may name any file.
_OF_A_LOG = {"log.showRoot": "true", "mailmap.file": os.devnull}
_WHERE_HOOKS_ARE = ("--git-path", "hooks")


@dataclass(frozen=True, slots=True)
class Repository:
    """A working tree of a repository, which may have several."""

    top: Path
    hooks: Path
    """Folder of its hooks: `core.hooksPath`, else one that all working trees share."""


@dataclass(frozen=True, slots=True)
class Author:
    """The author of a commit."""

    name: str
    email: str


def repository_of(folder: Path, seconds: float = _SECONDS) -> Repository | None:
    """Return the repository that contains a folder; None if there is none, or git is not installed."""
    top = _parsed(folder, "--show-toplevel", seconds=seconds)
    # Queried at the top folder, because a relative `core.hooksPath` is relative to it.
    hooks = _parsed(Path(top), "--git-path", "hooks", seconds=seconds) if top else None
    return Repository(Path(top), Path(top) / hooks) if top and hooks else None


def place_in_repository(root: Path) -> str:
    """Return the root relative to the top of its repository; `.` if it is the top."""
    repository = repository_of(root)
    top = repository.top.resolve() if repository else root
    return root.relative_to(top).as_posix() if root.is_relative_to(top) else "."  # `core.worktree` names any folder


def commit_of(folder: Path) -> str | None:
    """Return the commit that is checked out; None if there is none."""
    return _parsed(folder, "--verify", "HEAD") if is_in_repository(folder) else None


def is_in_repository(folder: Path) -> bool:
    """Return whether a folder is in a repository, by looking for `.git`; no process is started."""
    folder = folder.resolve()
    return any((above / ".git").exists() for above in (folder, *folder.parents))


def remotes_of(folder: Path) -> str:
    """Return the names and addresses of the remotes, as text; empty if there are none."""
    return _answered(folder, "remote", "-v", seconds=1) or ""


def tracks(folder: Path) -> bool:
    """Return whether any file of a folder is in git's index; True if git fails."""
    listed = _answered(folder.parent, "ls-files", "-z", "--", f":(literal){folder.name}")
    return listed is None or bool(listed)


def history(folder: Path, paths: Sequence[str], since: str | None, *, renames: bool, mailmap: bool) -> str:
    """Return the commits that changed files below some paths of a folder, the oldest first, without merges.

    There may be others, without files. Of each, separated by NUL: nothing, its id, the author's name and address as
    written, the same by `.mailmap` if that is to be read, its time in seconds, then for each file the status and its
    path, or both paths of a renamed one. With `since`, only the commits after it. Raises `ProgramFailed`.
    """
    author, read = (("%aN", "%aE"), "--mailmap") if mailmap else (("%an", "%ae"), "--no-mailmap")
    form = "--format=" + "".join(f"%x00{field}" for field in ("%H", "%an", "%ae", *author, "%at"))
    quiet = ("--no-show-signature", "--no-ext-diff", "--no-textconv", "--no-color", "--no-notes")
    shown = ("-z", "--relative", "--name-status", "-M" if renames else "--no-renames", f"--max-count={_MOST_COMMITS}")
    command = ("log", "--no-merges", "--reverse", read, *quiet, *shown, form, f"{since}..HEAD" if since else "HEAD")
    return _git(folder, *command, *limit_to(folder, paths), seconds=_SECONDS_OF_HISTORY, settings=_OF_A_LOG)


def limit_to(folder: Path, paths: Sequence[str]) -> Sequence[str]:
    """Return the arguments that limit `git log` to some paths of a folder; none if most files are below them.

    With these arguments git compares each commit twice, but only there; without them once, but all of it.
    """
    return () if _are_most(folder, paths) else ("--", *(f":(literal){path}" for path in paths))


def _are_most(folder: Path, paths: Sequence[str]) -> bool:
    """Return whether most files of a repository are below some paths of a folder."""
    every = _answered(folder, "ls-files", "-z", "--full-name", ":/") or ""
    own = _answered(folder, "ls-files", "-z", "--", *(f":(literal){path}" for path in paths)) or ""
    return 2 * own.count("\0") > every.count("\0")


def is_ancestor(folder: Path, commit: str) -> bool:
    """Return whether a commit is part of the history of the commit that is checked out."""
    return _answered(folder, "merge-base", "--is-ancestor", commit, "HEAD") is not None


def author_of(folder: Path) -> Author | None:
    """Return the author that git would name in a commit in a folder; None if none is configured."""
    identity = _answered(folder, "-c", "user.useConfigOnly=true", "var", "GIT_AUTHOR_IDENT")
    ident = re.match(r"(.+) <(.+)> \d+ [+-]\d+", identity or "")
    return Author(*ident.groups()) if ident else None


def changed_files(folder: Path, base: str | None = None) -> list[Path]:
    """Return the files below a folder that differ from `HEAD`, including untracked but not ignored ones.

    With a base, the files that differ from the merge base of `HEAD` and it: those of a pull request, and uncommitted
    ones. Raises `NoRepository` if there is no repository, or it does not know the base.
    """
    _required(folder, "rev-parse", "--is-inside-work-tree")
    if base:
        names = [*_different(folder, _fork_point(folder, base)), *_listed(folder, "--others")]
    elif commit_of(folder):
        names = [*_different(folder, "HEAD"), *_listed(folder, "--others")]
    else:
        names = list(_listed(folder, "--cached", "--others"))
    files = (folder / name for name in sorted(set(names)))
    return [file for file in files if file.is_file()]  # not nested repositories, nor removed files


def _fork_point(folder: Path, base: str) -> str:
    if not _parsed(folder, "--verify", "--quiet", base + "^{commit}"):
        raise NoRepository(f"git knows no branch, tag or commit {base!r} here; fetch it, or name another")
    if commit := _answered(folder, "merge-base", base, "HEAD"):
        return commit.strip()
    raise NoRepository(f"HEAD and {base} have no commit in common; if this is a shallow clone, fetch all of it")


def _different(folder: Path, commit: str) -> Iterator[str]:
    filters = _answered(folder, "config", "-z", "--name-only", "--get-regexp", r"^filter\.") or ""
    without = {name: "false" if name.endswith(".required") else "" for name in filters.split("\0") if name}
    options = ("--name-only", "--relative", "--no-ext-diff", "--no-textconv", "-z")
    return _names(folder, "diff", *options, commit, "--", settings=without)


def _listed(folder: Path, *which: str) -> Iterator[str]:
    return _names(folder, "ls-files", "--exclude-standard", "-z", *which)


def _names(folder: Path, *command: str, settings: Mapping[str, str] = MappingProxyType({})) -> Iterator[str]:
    return (name for name in _required(folder, *command, settings=settings).split("\0") if name)


def _required(folder: Path, *command: str, settings: Mapping[str, str] = MappingProxyType({})) -> str:
    try:
        return _git(folder, *command, settings=settings)
    except ProgramFailed as error:
        raise NoRepository(f"{folder}: git cannot say what has changed: {error}") from error


def _parsed(folder: Path, *question: str, seconds: float = _SECONDS) -> str | None:
    answer = _answered(folder, "rev-parse", *question, seconds=seconds)
    return answer.removesuffix("\n") if answer else None


def _answered(folder: Path, *command: str, seconds: float = _SECONDS) -> str | None:
    try:
        return _git(folder, *command, seconds=seconds)
    except ProgramFailed:
        return None


def _git(
    folder: Path,
    *command: str,
    seconds: float = _SECONDS,
    settings: Mapping[str, str] = MappingProxyType({}),
) -> str:
    return os.fsdecode(git_bytes(folder, *command, seconds=seconds, settings=settings))


def git_bytes(
    folder: Path,
    *command: str,
    given: bytes = b"",
    seconds: float = _SECONDS,
    settings: Mapping[str, str] = MappingProxyType({}),
) -> bytes:
    """Return the output of a git command with the input `given`; nothing that the repository configures is started.

    `settings` override the configuration of the repository. Raises `ProgramFailed`.
    """
    before = {**_QUIETLY, **settings}
    if command[1:] == _WHERE_HOOKS_ARE:
        del before["core.hooksPath"]
    variables = {"GIT_CONFIG_COUNT": str(len(before)), **_WITHOUT_WRITING_OR_FETCHING, **_AS_COMMITTED}
    for number, (name, value) in enumerate(before.items()):
        variables |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": value}
    program = ("git", "-C", str(folder), *command)
    return bytes_from(*program, seconds=seconds, given=given, unset=_OF_A_HOOK, variables=variables)
