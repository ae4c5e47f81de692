"""The corpus: finds the lesson files of the knowledge base and reads them."""

from __future__ import annotations

import errno
import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from ingest.files.globs import Glob, Globs, Rules
from ingest.files.reason import reason_of
from ingest.files.regular_file import NO_FILE_OF_THE_TREE, read_regular
from ingest.problem import Problem, Unreadable

MAX_BYTES = 64_000_000
"""Largest lesson file that is read, so that one file cannot fill the memory."""


class FoundFile(NamedTuple):
    """A file as the folder lists it; not read yet."""

    path: str
    """Relative to the root, with `/`."""
    size: int
    mtime_ns: int


class Listing(NamedTuple):
    """The files that a walk found, and the folders and files that it could not read."""

    files: tuple[FoundFile, ...]
    """Sorted by path, without repeats."""
    unreadable: tuple[Problem, ...] = ()
    """Folders and files that exist and cannot be read; the `path` of a folder ends with `/`."""

    def hides(self, path: str) -> bool:
        """Return whether the path is below a folder that could not be listed."""
        folders = (problem.path for problem in self.unreadable if problem.path.endswith("/"))
        return any(folder == _ROOT or path.startswith(folder) for folder in folders)


@dataclass(frozen=True, slots=True)
class Corpus:
    """The settings that decide which files below `root` are lessons."""

    root: Path
    folders: Sequence[str]
    """Relative to the root."""
    include: Sequence[str]
    exclude: Sequence[str] = ()

    def find(self) -> Listing:
        """Return the files of all corpus folders. A folder that cannot be listed is reported, not taken as empty."""
        walk = _Walk(self.root, {}, [])
        include, exclude = (Globs.at_the_top(map(Glob.of_setting, text)) for text in (self.include, self.exclude))
        for folder in self.folders:
            walk.below(_Place(_posix(folder), include, exclude, walk.rules_above(_posix(folder))))
        named = sorted({str(problem): problem for problem in walk.unreadable}.items())
        return Listing(tuple(walk.files[path] for path in sorted(walk.files)), tuple(problem for _, problem in named))

    def includes(self, path: str) -> bool:
        """Return whether a file at a path below the root would be a lesson, by folders and patterns alone.

        What a `.gitignore` says does not count.
        """
        below = (path.removeprefix(_posix(folder)) for folder in self.folders if path.startswith(_posix(folder)))
        return any(map(self._matches, below))

    def _matches(self, path: str) -> bool:
        include, exclude = (Globs.at_the_top(map(Glob.of_setting, text)) for text in (self.include, self.exclude))
        *folders, name = path.split("/")
        for folder in folders:
            if folder.startswith(".") or exclude.rules().verdict(folder, is_folder=True):
                return False
            include, exclude = include.below(folder), exclude.below(folder)
        return not name.startswith(".") and bool(include.rules().verdict(name)) and not exclude.rules().verdict(name)

    def read(self, path: str) -> bytes:
        """Return a file's bytes; raises `Unreadable` with the reason."""
        if not self._is_inside(path):
            raise Unreadable("it is not in a folder of the corpus; run `kb reindex`")
        return read_file(self.root / path)

    def digest(self, path: str) -> str:
        """Return the content hash of a file, by its path below the root; raises `Unreadable`."""
        return digest_of(self.read(path))

    def _is_inside(self, path: str) -> bool:
        """Return whether a path is in a corpus folder, links resolved; paths of a forged index may lead elsewhere."""
        parts = path.split("/")
        in_folder = any(path.startswith(_posix(folder)) for folder in self.folders)
        if not in_folder or path.startswith("/") or not {"", ".", ".."}.isdisjoint(parts):
            return False
        try:
            return (self.root / path).parent.resolve().is_relative_to(self.root.resolve())
        except (OSError, RuntimeError):  # a cycle of links
            return False

    def default_id(self, path: str) -> str:
        """Return the id of a lesson that states none: its path below the corpus folder, without the Markdown suffix."""
        for folder in self.folders:
            base = _posix(folder)
            if path.startswith(base):
                return without_suffix(path.removeprefix(base))
        return without_suffix(path)


class _Place(NamedTuple):
    """A folder on a walk, with the rules that apply to the names in it."""

    path: str
    """Relative to the root: empty for the root, else ending with `/`."""
    include: Globs
    exclude: Globs
    ignore: tuple[Globs, ...]
    """Rules of each `.gitignore`, from the root down to the folder above this one."""

    def below(self, name: str) -> _Place:
        ignore = tuple(globs.below(name) for globs in self.ignore)
        return _Place(f"{self.path}{name}/", self.include.below(name), self.exclude.below(name), ignore)


class _Walk(NamedTuple):
    """Collects files as it goes; fast, because each search walks over all files, which may be tens of thousands."""

    root: Path
    files: dict[str, FoundFile]
    unreadable: list[Problem]

    def rules_above(self, folder: str) -> tuple[Globs, ...]:
        """Return the `.gitignore` rules that a folder inherits from the folders above it."""
        rules: tuple[Globs, ...] = ()
        above = ""
        for name in folder.split("/")[:-1]:
            rules = tuple(globs.below(name) for globs in self._with_own(rules, above))
            above += f"{name}/"
        return rules

    def below(self, place: _Place) -> None:
        """Collect the files of a folder and of all folders below it; not recursive, so any depth is possible."""
        left = [place]
        while left:
            left += self._into(left.pop())

    def _into(self, place: _Place) -> Iterator[_Place]:
        """Collect the files of a folder, and yield the folders in it."""
        try:
            with os.scandir(self.root / place.path) as listed:
                entries = list(listed)
        except OSError as error:
            self.unreadable.append(Problem(place.path or _ROOT, _explain(error)))
            return
        place = place._replace(ignore=self._with_own(place.ignore, place.path))
        include, exclude = place.include.rules(), place.exclude.rules()
        ignore = [globs.rules() for globs in reversed(place.ignore)]
        for entry in entries:
            name = entry.name
            if name.startswith(".") or entry.is_symlink():
                continue
            path = place.path + name
            try:
                is_folder = entry.is_dir(follow_symlinks=False)
                if not is_folder and not (include.verdict(name) and entry.is_file(follow_symlinks=False)):
                    continue
                if exclude.verdict(name, is_folder=is_folder) or (ignore and _is_ignored(name, is_folder, ignore)):
                    continue
                if not name.isprintable() and (flaw := _flaw_of(name)):
                    self.unreadable.append(_misnamed(path, is_folder, flaw))
                elif is_folder:
                    yield place.below(name)
                elif path not in self.files:
                    stat = entry.stat(follow_symlinks=False)
                    self.files[path] = FoundFile(path, stat.st_size, stat.st_mtime_ns)
            except OSError as error:
                self.unreadable.append(Problem(path, _explain(error)))

    def _with_own(self, rules: tuple[Globs, ...], folder: str) -> tuple[Globs, ...]:
        """Return the rules with those of the folder's own `.gitignore`; as in git, a link is not followed."""
        path = self.root / folder / _IGNORE_FILE
        try:
            text = read_regular(path, _MOST_BYTES_OF_RULES, links=False).decode("utf-8-sig", "replace")
        except OSError as error:
            if error.errno not in NO_FILE_OF_THE_TREE:
                return rules  # it does not exist, or this user may not read it
            what = f"{reason_of(error)}; the files that it excludes are read"
            self.unreadable.append(Problem(folder + _IGNORE_FILE, what))
            return rules
        globs = filter(None, map(Glob.of_ignore_line, text.split("\n")))
        return (*rules, Globs.at_the_top(globs))


def read_file(path: Path) -> bytes:
    """Return the bytes of a file; raises `Unreadable` with the reason."""
    try:
        return read_regular(path, MAX_BYTES, links=False)
    except OSError as error:
        raise Unreadable(_explain(error)) from error


def is_markdown(path: str) -> bool:
    """Return whether a path has a suffix of Markdown."""
    return bool(_SUFFIX.search(path))


def without_suffix(path: str) -> str:
    """Return a path without its Markdown suffix; any other suffix stays."""
    return _SUFFIX.sub("", path)


def digest_of(data: bytes) -> str:
    """Return the content hash of a file's bytes."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


_SUFFIX = re.compile(r"\.(?:md|markdown|mdx)$", re.IGNORECASE)
_ROOT = "./"
_LINE_BREAK = re.compile("[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]")
"""Characters that end a line for a terminal, a log or Python."""
_IGNORE_FILE = ".gitignore"
_MOST_BYTES_OF_RULES = 1_000_000


def _misnamed(path: str, is_folder: bool, flaw: str) -> Problem:
    name = os.fsencode(path).decode("utf-8", "backslashreplace")
    shown = "".join(repr(sign)[1:-1] if _LINE_BREAK.match(sign) else sign for sign in name)
    kind = "folder" if is_folder else "file"
    return Problem(shown + "/" * is_folder, f"the {kind}'s name {flaw}; rename it")


def _flaw_of(name: str) -> str:
    """Return why a name cannot be printed on one line; empty if it can."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return "is not UTF-8"
    return "has a line break" if _LINE_BREAK.search(name) else ""


def _posix(folder: str) -> str:
    path = PurePosixPath(folder).as_posix()
    return "" if path == "." else path + "/"


def _is_ignored(name: str, is_folder: bool, rules: Sequence[Rules]) -> bool:
    # The innermost file that has a rule for the path decides, as in git.
    verdicts = (rule.verdict(name, is_folder=is_folder) for rule in rules)
    return next((verdict for verdict in verdicts if verdict is not None), False)


def _explain(error: OSError) -> str:
    if error.errno in (errno.EACCES, errno.EPERM):
        return "permission denied; what was indexed before is kept"
    if error.errno == errno.ENOENT:
        return "does not exist; what was indexed before is kept"
    return f"{reason_of(error)}; what was indexed before is kept"
