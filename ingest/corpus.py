"""The corpus: the files of the knowledge base that are lessons."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from pathspec import GitIgnoreSpec

from ingest.problem import Problem, Unreadable


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file as the folder lists it; its bytes have not been read."""

    path: str
    """Relative to the root, with `/`."""
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Listing:
    """All that a walk found, and what it could not look into."""

    files: tuple[FoundFile, ...]
    """Sorted by path, without repeats."""
    unreadable: tuple[Problem, ...] = ()
    """Folders and files that are there and cannot be looked at; their `path` ends with `/` for a folder."""

    def hides(self, path: str) -> bool:
        """Say whether a file may exist below a folder that could not be listed."""
        return any(path.startswith(problem.path) for problem in self.unreadable if problem.path.endswith("/"))


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
        include = GitIgnoreSpec.from_lines(self.include)
        exclude = GitIgnoreSpec.from_lines(self.exclude) if self.exclude else None
        self._ignored.clear()
        for folder in self.folders:
            base = _posix(folder)
            for item in self._walk(base):
                if isinstance(item, Problem):
                    unreadable.append(item)
                elif item.path not in files:
                    below = item.path.removeprefix(base) if base else item.path
                    if include.match_file(below) and not (exclude and exclude.match_file(below)):
                        files[item.path] = item
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

    def _walk(self, folder: str) -> Iterator[FoundFile | Problem]:
        try:
            entries = sorted(os.scandir(self.root / folder), key=lambda entry: entry.name)
        except OSError as error:
            yield Problem(folder or "./", _explain(error))
            return
        ignored = self._ignore_rules(folder)
        for entry in entries:
            if entry.name.startswith(".") or entry.is_symlink():
                continue
            path = folder + entry.name
            try:
                path.encode()
            except UnicodeEncodeError:
                name = os.fsencode(path).decode("utf-8", "backslashreplace")
                yield Problem(name, "the file's name is not UTF-8; rename it")
                continue
            try:
                if entry.is_dir(follow_symlinks=False):
                    if not _is_ignored(path + "/", ignored):
                        yield from self._walk(path + "/")
                elif entry.is_file(follow_symlinks=False) and not _is_ignored(path, ignored):
                    stat = entry.stat(follow_symlinks=False)
                    yield FoundFile(path, stat.st_size, stat.st_mtime_ns)
            except OSError as error:
                yield Problem(path, _explain(error))

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


def _posix(folder: str) -> str:
    path = PurePosixPath(folder).as_posix()
    return "" if path == "." else path + "/"


def _read_ignore_file(path: Path) -> GitIgnoreSpec | None:
    try:
        lines = path.read_text("utf-8", "replace").splitlines()
    except OSError:
        return None
    return GitIgnoreSpec.from_lines(lines)


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
