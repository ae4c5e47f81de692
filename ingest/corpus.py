"""The corpus: the files of the knowledge base that are lessons."""

from __future__ import annotations

import errno
import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase, translate
from functools import cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple

from ingest.problem import Problem, Unreadable

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


class FoundFile(NamedTuple):
    """A file as the folder lists it; its bytes have not been read."""

    path: str
    """Relative to the root, with `/`."""
    size: int
    mtime_ns: int


class Listing(NamedTuple):
    """All that a walk found, and what it could not look into."""

    files: tuple[FoundFile, ...]
    """Sorted by path, without repeats."""
    unreadable: tuple[Problem, ...] = ()
    """Folders and files that are there and cannot be looked at; their `path` ends with `/` for a folder."""

    def hides(self, path: str) -> bool:
        """Say whether a file may exist below a folder that could not be listed."""
        folders = (problem.path for problem in self.unreadable if problem.path.endswith("/"))
        return any(folder == _ROOT or path.startswith(folder) for folder in folders)


@dataclass(frozen=True, slots=True)
class Corpus:
    """Which files below `root` are lessons."""

    root: Path
    folders: Sequence[str]
    """Relative to the root."""
    include: Sequence[str]
    exclude: Sequence[str] = ()
    _ignored: dict[str, GitIgnoreSpec | None] = field(default_factory=dict, init=False, compare=False)

    def find(self) -> Listing:
        """Walk the corpus folders. A folder that cannot be listed is reported, never taken for empty."""
        files: dict[str, FoundFile] = {}
        unreadable: list[Problem] = []
        self._ignored.clear()
        for folder in self.folders:
            base = _posix(folder)
            self._walk(base, base, files, unreadable)
        named = sorted({str(problem): problem for problem in unreadable}.items())
        return Listing(tuple(files[path] for path in sorted(files)), tuple(problem for _, problem in named))

    def read(self, path: str) -> bytes:
        """Return a file's bytes; raises `Unreadable` with the reason."""
        try:
            return (self.root / path).read_bytes()
        except OSError as error:
            raise Unreadable(_explain(error)) from error

    def default_id(self, path: str) -> str:
        """Return the path below the corpus folder, without `.md`."""
        for folder in self.folders:
            base = _posix(folder)
            if path.startswith(base):
                return path.removeprefix(base).removesuffix(".md")
        return path.removesuffix(".md")

    def _names(self, folder: str, base: str) -> _Names:
        """Return what tells the lessons of a folder by their names; `base` is the corpus folder above it."""
        parts = tuple(folder.removeprefix(base).split("/")[:-1])
        excluded = [_segments(pattern) for pattern in self.exclude]
        return _Names(
            _any_of(_name_patterns(parts, [_segments(pattern) for pattern in self.include])),
            _any_of(_name_patterns(parts, [*excluded, *((*segments, _ANY_DEPTH) for segments in excluded)])),
        )

    def _walk(self, folder: str, base: str, files: dict[str, FoundFile], unreadable: list[Problem]) -> None:
        # Into lists that are handed down: a library has ten thousands of files, and a search walks over all of them.
        try:
            with os.scandir(self.root / folder) as listed:
                entries = list(listed)
        except OSError as error:
            unreadable.append(Problem(folder or _ROOT, _explain(error)))
            return
        ignored = self._ignore_rules(folder)
        names = self._names(folder, base)
        for entry in entries:
            if entry.name.startswith(".") or entry.is_symlink():
                continue
            path = folder + entry.name
            try:
                is_folder = entry.is_dir(follow_symlinks=False)
                if ignored and _is_ignored(path + "/" * is_folder, ignored):
                    continue
                if not is_folder and not (entry.name in names and entry.is_file(follow_symlinks=False)):
                    continue
                if not path.isascii() and not _is_utf8(path):
                    unreadable.append(_misnamed(path, is_folder))
                elif is_folder:
                    self._walk(path + "/", base, files, unreadable)
                elif path not in files:
                    stat = entry.stat(follow_symlinks=False)
                    files[path] = FoundFile(path, stat.st_size, stat.st_mtime_ns)
            except OSError as error:
                unreadable.append(Problem(path, _explain(error)))

    def _ignore_rules(self, folder: str) -> list[tuple[str, GitIgnoreSpec]]:
        """Return the `.gitignore` rules that hold in a folder: the root's and each folder's down to it."""
        parts = PurePosixPath(folder).parts
        rules = []
        for depth in range(len(parts) + 1):
            base = "".join(part + "/" for part in parts[:depth])
            if base not in self._ignored:
                self._ignored[base] = _read_ignore_file(self.root / base / ".gitignore")
            if spec := self._ignored[base]:
                rules.append((base, spec))
        return rules


def digest_of(data: bytes) -> str:
    """Return the content hash of a file's bytes."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


_ROOT = "./"
_ANY_DEPTH = "**"


@dataclass(frozen=True, slots=True)
class _Names:
    """Names of files in one folder: worked out once for it, because it may have many files."""

    included: re.Pattern[str] | None
    excluded: re.Pattern[str] | None

    def __contains__(self, name: str) -> bool:
        if self.included is None or not self.included.match(name):
            return False
        return self.excluded is None or not self.excluded.match(name)


@cache
def _any_of(patterns: frozenset[str]) -> re.Pattern[str] | None:
    """Return what matches a name that matches any of some patterns; None where there are none."""
    return re.compile("|".join(map(translate, sorted(patterns)))) if patterns else None


def _misnamed(path: str, is_folder: bool) -> Problem:
    name = os.fsencode(path).decode("utf-8", "backslashreplace")
    kind = "folder" if is_folder else "file"
    return Problem(name + "/" * is_folder, f"the {kind}'s name is not UTF-8; rename it")


def _is_utf8(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


@cache
def _segments(pattern: str) -> tuple[str, ...]:
    """Split a pattern at its `/`: without one it holds at any depth, with one at its end for all below."""
    inner = pattern.removeprefix("./").strip("/")
    anywhere = ("**",) if "/" not in pattern.rstrip("/") else ()
    below = ("**",) if pattern.endswith("/") else ()
    return (*anywhere, *inner.split("/"), *below)


def _name_patterns(folder: tuple[str, ...], patterns: Sequence[tuple[str, ...]]) -> frozenset[str]:
    """Return what a file's name must match in a folder so that its path matches any of some patterns."""
    names = set()
    for pattern in patterns:
        for rest in _behind(folder, pattern):
            last = [segment for segment in rest if segment != _ANY_DEPTH]
            if len(last) == 1:
                names.add(last[0])
            elif rest and not last:
                names.add("*")
    return frozenset(names)


def _behind(folder: tuple[str, ...], pattern: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield what may be left of a pattern behind a folder; `**` stands for any number of parts."""
    if not folder:
        yield pattern
    elif pattern and pattern[0] == _ANY_DEPTH:
        yield from _behind(folder, pattern[1:])
        yield from _behind(folder[1:], pattern)
    elif pattern and fnmatchcase(folder[0], pattern[0]):
        yield from _behind(folder[1:], pattern[1:])


def _posix(folder: str) -> str:
    path = PurePosixPath(folder).as_posix()
    return "" if path == "." else path + "/"


def _read_ignore_file(path: Path) -> GitIgnoreSpec | None:
    try:
        lines = path.read_text("utf-8-sig", "replace").splitlines()
    except OSError:
        return None
    from pathspec import GitIgnoreSpec  # only where there is such a file

    patterns: list[Any] = []
    for line in lines:
        try:
            patterns += GitIgnoreSpec.from_lines([line]).patterns
        except (ValueError, re.error):
            continue  # git passes over what is no pattern
    return GitIgnoreSpec(patterns)


def _is_ignored(path: str, rules: Sequence[tuple[str, GitIgnoreSpec]]) -> bool:
    # The innermost file that has a rule for the path decides, as in git.
    for base, spec in reversed(rules):
        verdict = spec.check_file(path.removeprefix(base)).include
        if verdict is not None:
            return verdict
    return False


def _explain(error: OSError) -> str:
    if error.errno in (errno.EACCES, errno.EPERM):
        return "permission denied; what was indexed of it is kept"
    if error.errno == errno.ENOENT:
        return "does not exist; what was indexed of it is kept"
    return f"{(error.strerror or str(error)).lower()}; what was indexed of it is kept"
