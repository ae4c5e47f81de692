"""Commits, trees and files as git stores them, read without a working tree.

Only git's objects count. A repository may come from a stranger: links and submodules in a tree are no files, no filter
or other program of the repository is run, and objects borrowed from another repository are refused.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from kb.errors import NoRepository
from kb.system.git import commit_of, git_bytes, is_in_repository, limit_to
from kb.system.program import ProgramFailed

_COMMIT = re.compile(r"\w[\w./~^#+@%=,-]*")
"""A commit as people name it: a branch, a tag, an id or the beginning of one. No option, no search in the history."""
_PLAIN_FILE = re.compile(rb"100\d{3}")
_LONGEST_NAME = 200
_SECONDS = 60
_BYTES_AT_ONCE = 64_000_000
_FILES_AT_ONCE = 2_000
_MOST_COMMITS = (500, 4_000, 100_000)
"""Of a log that is read until it says enough: git needs a tenth of a second for some 1,000."""
_EMPTY_TREE = {
    40: "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    64: "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
}
"""Git's name of a tree without files, by the length of its names: SHA-1 or SHA-256."""


class Commit(NamedTuple):
    """A commit and when it was made."""

    id: str
    at: datetime
    """The committer's time, in UTC."""


class TreeFile(NamedTuple):
    """A plain file in the tree of a commit."""

    path: str
    """Relative to the folder that was listed, with `/`."""
    blob: str


class Pair(NamedTuple):
    """A file that differs between two commits; an empty path and blob where it does not exist."""

    before: TreeFile
    after: TreeFile


NO_FILE = TreeFile("", "")


def require_history(folder: Path) -> str:
    """Return the commit that is checked out; raises `NoRepository` if there is none, or its objects are borrowed."""
    if not is_in_repository(folder):
        raise NoRepository(f"{folder}: not in a git repository, so there is no history; make one with `git init`")
    commit = commit_of(folder)
    if not commit:
        reason = _why_unreadable(folder)
        raise NoRepository(f"{folder}: {reason or 'nothing is committed yet; commit the lessons first'}")
    borrowed = folder / _text(folder, "rev-parse", "--git-path", "objects/info/alternates").strip()
    if borrowed.exists() or borrowed.is_symlink():
        raise NoRepository(
            f"{borrowed}: this repository borrows its history from another folder, which is not read; copy it into "
            f"this one with `git repack -a -d`, then remove that file"
        )
    return commit


def _why_unreadable(folder: Path) -> str:
    """Return why git cannot be asked at all: it is not installed, or it trusts the folder not; empty if it can."""
    try:
        git_bytes(folder, "rev-parse", "--git-dir")
    except ProgramFailed as error:
        return f"git cannot be asked: {error}"
    return ""


def commit_named(folder: Path, name: str) -> str | None:
    """Return the id of a commit named by a branch, a tag or an id; None if git knows none."""
    if len(name) > _LONGEST_NAME or not _COMMIT.fullmatch(name):
        return None
    try:
        return git_bytes(folder, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}").decode().strip()
    except ProgramFailed:
        return None


def dated(folder: Path, commit: str) -> Commit:
    """Return a commit with its time; raises `NoRepository`."""
    seconds = _text(folder, "log", "-1", "--no-show-signature", "--format=%ct", commit).strip()
    return Commit(commit, _instant(seconds))


def last_before(folder: Path, instant: datetime) -> Commit | None:
    """Return the last commit before an instant among `HEAD` and its first parents; None if all are later.

    Commits are looked through from `HEAD` back, so one with a wrong clock does not hide those before it.
    """
    line = _text(folder, "log", "-1", "--first-parent", "--no-show-signature", _before(instant), "--format=%H %ct")
    commit, _, seconds = line.strip().partition(" ")
    return Commit(commit, _instant(seconds)) if commit else None


def first_known(folder: Path) -> Commit:
    """Return the oldest commit among `HEAD` and its first parents that this clone has."""
    oldest = _text(folder, "rev-list", "--first-parent", "--max-parents=0", "HEAD").split()
    return dated(folder, oldest[-1] if oldest else "HEAD")


def root_commits(folder: Path) -> list[str]:
    """Return the ids of the commits without parents, sorted; in a shallow clone, where its history begins."""
    return sorted(_text(folder, "rev-list", "--max-parents=0", "HEAD").split())


def is_shallow(folder: Path) -> bool:
    """Return whether a clone has only the latest part of its history."""
    return _text(folder, "rev-parse", "--is-shallow-repository").strip() == "true"


def object_at(folder: Path, commit: str, path: str) -> str:
    """Return the id of the file or folder at a path from the top of a commit; empty if there is none."""
    try:
        at = "" if path == "." else path
        return git_bytes(folder, "rev-parse", "--verify", "--quiet", f"{commit}:{at}").decode().strip()
    except ProgramFailed:
        return ""


def files_in(folder: Path, tree: str) -> Iterator[TreeFile]:
    """Yield the plain files of a tree and of all below it, without links and submodules; raises `NoRepository`."""
    listed = _bytes(folder, "ls-tree", "-r", "-z", "--full-tree", tree)
    for line in filter(None, listed.split(b"\0")):
        about, _, path = line.partition(b"\t")
        mode, _, blob = about.split(b" ")
        if _PLAIN_FILE.fullmatch(mode):
            yield TreeFile(os.fsdecode(path), blob.decode())


def changed_files_between(folder: Path, old: str | None, new: str, paths: Sequence[str]) -> Iterator[Pair]:
    """Yield the plain files below some paths, from the top, that differ between two commits; `old` None: all files.

    A file that was moved, and perhaps changed a little, is one pair. Raises `NoRepository`.
    """
    own = ("--no-ext-diff", "--no-textconv", "--ignore-submodules=all", f"-O{os.devnull}", "-l1000")
    literally = (f":(top,literal){path}" for path in paths if path != ".")
    command = ("diff-tree", "-r", "-z", "--raw", "--full-index", "-M", *own, old or _EMPTY_TREE[len(new)], new, "--")
    fields = iter(_bytes(folder, *command, *literally).split(b"\0"))
    for about in fields:
        if not about.startswith(b":"):
            continue
        modes_and_ids, status = about[1:].split(b" ")[:4], about.rsplit(b" ", 1)[-1]
        first = next(fields)
        second = next(fields) if status[:1] in (b"R", b"C") else first
        before, after = (
            TreeFile(os.fsdecode(path), blob.decode()) if _PLAIN_FILE.fullmatch(mode) else NO_FILE
            for mode, blob, path in zip(modes_and_ids[:2], modes_and_ids[2:], (first, second), strict=True)
        )
        if before != after:
            yield Pair(before, after)


def last_changes(
    folder: Path, old: str | None, new: str, paths: Sequence[str], is_enough: Callable[[Collection[str]], bool]
) -> dict[str, datetime]:
    """Return when files below some paths of a folder were last changed after the commit `old`, until `new`.

    The log is read from the newest commit on, until `is_enough` of the files that were found, so files that were
    changed before all of them may be missing. The files are named relative to the folder; there may be others. What
    came by a merge changed when it was merged. Raises `NoRepository`.
    """
    commits = f"{old}..{new}" if old else new
    found: dict[str, datetime] = {}
    for most in _MOST_COMMITS:
        found, read = _changes_in_log(folder, commits, paths, most)
        if read < most or is_enough(found.keys()):
            break
    return found


def _changes_in_log(folder: Path, commits: str, paths: Sequence[str], most: int) -> tuple[dict[str, datetime], int]:
    """Return the last changes in the newest commits, and how many commits these are."""
    own = ("-z", "--name-only", "--relative", "--no-renames", "--first-parent", "-m", "--no-ext-diff", "--no-textconv")
    quiet = ("--no-show-signature", "--no-notes", "--no-color", f"-O{os.devnull}", f"--max-count={most}")
    log = _bytes(folder, "log", *own, *quiet, "--format=%x00%ct", commits, *limit_to(folder, paths))
    found: dict[str, datetime] = {}
    begins, changed, read = False, _instant("0"), 0
    for field in log.split(b"\0"):
        if not field:
            begins = True
        elif begins:
            begins, changed, read = False, _instant(os.fsdecode(field)), read + 1
        else:
            found.setdefault(os.fsdecode(field.removeprefix(b"\n")), changed)
    return found, read


def contents(folder: Path, blobs: Iterable[str], most_bytes: int) -> Iterator[tuple[str, bytes]]:
    """Yield the id and the bytes of files, by their ids, without those of more than `most_bytes`.

    Raises `NoRepository` if this clone lacks one.
    """
    group: list[str] = []
    total = 0
    for blob, size in sizes(folder, blobs):
        if size > most_bytes:
            continue
        if group and (total + size > _BYTES_AT_ONCE or len(group) >= _FILES_AT_ONCE):
            yield from _group(folder, group)
            group, total = [], 0
        group.append(blob)
        total += size
    if group:
        yield from _group(folder, group)


def sizes(folder: Path, blobs: Iterable[str]) -> list[tuple[str, int]]:
    """Return the id and the size in bytes of files, each once; raises `NoRepository` if this clone lacks one."""
    wanted = list(dict.fromkeys(blobs))
    if not wanted:
        return []
    asked = "".join(f"{blob}\n" for blob in wanted).encode()
    lacks = NoRepository(f"{folder}: this clone lacks files of its history; fetch them with `git fetch --refetch`")
    try:
        command = ("cat-file", "--batch-check=%(objecttype) %(objectsize)")
        answers = git_bytes(folder, *command, given=asked, seconds=_SECONDS).splitlines()
    except ProgramFailed as error:  # a file was to be fetched, which is not allowed
        raise lacks from error
    found = [answer.partition(b" ") for answer in answers]
    if len(found) != len(wanted) or any(kind != b"blob" for kind, _, _ in found):
        raise lacks
    return [(blob, int(size)) for blob, (_, _, size) in zip(wanted, found, strict=True)]


def _group(folder: Path, blobs: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    asked = "".join(f"{blob}\n" for blob in blobs).encode()
    answer = _bytes(folder, "cat-file", "--batch=%(objectsize)", given=asked)
    place = 0
    for blob in blobs:
        end = answer.index(b"\n", place)
        start, size = end + 1, int(answer[place:end])
        yield blob, answer[start : start + size]
        place = start + size + 1  # a line end follows the contents


def _before(instant: datetime) -> str:
    return f"--min-age={max(int(instant.timestamp()) - 1, 0)}"  # git includes the second itself


def _instant(seconds: str) -> datetime:
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):  # a forged commit
        return datetime.fromtimestamp(0, UTC)


def _text(folder: Path, *command: str) -> str:
    return os.fsdecode(_bytes(folder, *command))


def _bytes(folder: Path, *command: str, given: bytes = b"") -> bytes:
    try:
        return git_bytes(folder, *command, given=given, seconds=_SECONDS)
    except ProgramFailed as error:
        raise NoRepository(f"{folder}: git cannot read the history: {error}") from error
