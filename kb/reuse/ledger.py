"""The ledger of uses: `reuse/YYYY-MM.jsonl` beside `kb.toml`.

Lines are only added, and git merges the files of several people line by line (`merge=union`). They come with a clone,
so anybody may have written them: what is no use is named and left out, and so is what is dated in the future, and of a
very large ledger the oldest files.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from ingest.files.reason import reason_of
from ingest.files.regular_file import open_regular, read_regular
from ingest.problem import Problem
from kb.errors import CannotWrite
from kb.reuse.recorded import RecordedUse, read_line
from kb.trust.distrust import leads_through_link

FOLDER = "reuse"
_ATTRIBUTES = "*.jsonl text eol=lf merge=union\n"
_ATTRIBUTES_FILE = ".gitattributes"
_NAME = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])\.jsonl", re.ASCII)
_MOST_FILES = 1200
MOST_BYTES = 16_000_000
"""Of all files together: some 80,000 uses."""


State = tuple[object, ...]


class Recorded(NamedTuple):
    """What the ledger says."""

    uses: tuple[RecordedUse, ...] = ()
    """In order of file and line."""
    places: Mapping[str, tuple[str, int]] = MappingProxyType({})
    """File, relative to the root, and line of each use, by its key."""
    problems: tuple[Problem, ...] = ()
    """The lines and files that could not be read."""


class Ledger:
    """The ledger of one knowledge base, read again whenever it has changed."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._state: State = ()
        self._recorded = Recorded()

    def now(self) -> Recorded:
        """Return what it says now; never raises."""
        state = self.state()
        if state != self._state:
            self._recorded, self._state = _read(self._root, _files(self._root), last_day()), state
        return self._recorded

    def state(self) -> State:
        """Return what changes whenever it says something else: the files, and the day; empty without files."""
        files = _files(self._root)
        return (last_day().isoformat(), *((file.name, _stamp(file)) for file in files)) if files else ()


def last_day() -> date:
    """Return the latest day that it can be anywhere on earth: uses are dated by the local time of who records them."""
    return datetime.now(UTC).date() + timedelta(days=1)


def countable(sizes: Iterable[tuple[str, int]], until: date) -> list[str]:
    """Return which files of the ledger count, by name and size, in order: the newest that may be read together.

    A file of a month after `until` would take the place of others for ever, so it does not count.
    """
    found: list[str] = []
    left = MOST_BYTES
    for name, size in sorted((one for one in sizes if one[0][:7] <= until.isoformat()[:7]), reverse=True):
        left -= size
        if left < 0 or len(found) == _MOST_FILES:
            break
        found.append(name)
    return found[::-1]


def record(root: Path, use: RecordedUse) -> list[Path]:
    """Add a use to the ledger, and return the files that are changed or new; raises `CannotWrite`."""
    path = root / FOLDER / f"{use.date[:7]}.jsonl"
    if leads_through_link(path, root):
        raise CannotWrite(f"{path}: a link, which is not followed; remove it")
    try:
        with ExitStack() as on_failure:
            made = make_folder(root)
            for new in made:
                on_failure.callback(new.unlink, missing_ok=True)
            _append(path, use.as_line.encode(errors="replace"))
            on_failure.pop_all()
    except OSError as error:
        raise CannotWrite(f"{error.filename or path}: {reason_of(error)}") from error
    return [path, *made]


def make_folder(root: Path) -> list[Path]:
    """Make the folder, with the file that tells git to merge line by line; return that if it is new.

    Raises `OSError`.
    """
    path = root / FOLDER / _ATTRIBUTES_FILE
    path.parent.mkdir(exist_ok=True)
    from kb.system.durable import write_new  # a search only reads

    return [path] if not os.path.lexists(path) and write_new(path, _ATTRIBUTES) else []


def _append(path: Path, line: bytes) -> None:
    descriptor = open_regular(path, os.O_RDWR | os.O_APPEND | os.O_CREAT)
    try:
        size = os.fstat(descriptor).st_size
        # After a file that an editor has left without an end of line.
        begin = b"\n" if size and os.pread(descriptor, 1, size - 1) != b"\n" else b""
        # At once, so that lines of two processes do not mix.
        written = os.write(descriptor, begin + line)
        try:
            if written < len(begin + line):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
            os.fsync(descriptor)
        except OSError:
            _take_back(descriptor, written)
            raise
    finally:
        os.close(descriptor)


def _take_back(descriptor: int, written: int) -> None:
    """Remove what was written last, unless another process has added a line behind it."""
    end = os.lseek(descriptor, 0, os.SEEK_CUR)
    if os.fstat(descriptor).st_size == end:
        os.ftruncate(descriptor, end - written)


def _files(root: Path) -> list[Path]:
    folder = root / FOLDER
    try:
        names = [entry.name for entry in os.scandir(folder) if is_ledger(entry.name)]
    except OSError:
        return []
    return [] if folder.is_symlink() else [folder / name for name in sorted(names)]


def _stamp(file: Path) -> object:
    try:
        found = os.lstat(file)
    except OSError as error:
        return error.errno
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _size(file: Path) -> int:
    try:
        return os.lstat(file).st_size
    except OSError:
        return 0


def is_ledger(name: str) -> bool:
    """Return whether a file with a name belongs to the ledger."""
    return bool(_NAME.fullmatch(name))


def recorded_in(texts: Iterable[tuple[str, str]], until: date) -> Recorded:
    """Return what files say, given by name and text. A line that is there twice counts once, one after `until` not."""
    uses: dict[str, RecordedUse] = {}
    places: dict[str, tuple[str, int]] = {}
    problems: list[Problem] = []
    for name, text in texts:
        for number, line in enumerate(text.split("\n"), 1):
            if not line.strip():
                continue
            try:
                use = read_line(line, until)
            except ValueError as error:
                problems.append(Problem(name, f"not a use: {error}; correct or remove the line", number))
            else:
                uses.setdefault(use.key, use)
                places.setdefault(use.key, (name, number))
    return Recorded(tuple(uses.values()), places, tuple(problems))


def _read(root: Path, files: Sequence[Path], until: date) -> Recorded:
    counted = set(countable(((file.name, _size(file)) for file in files), until))
    texts, problems = [], []
    for file in files:
        name = file.relative_to(root).as_posix()
        if file.name not in counted:
            problems.append(Problem(name, f"{_why_not(file, until)}; the uses in it are not counted"))
            continue
        try:
            texts.append((name, read_regular(file, MOST_BYTES, links=False).decode("utf-8-sig", "replace")))
        except OSError as error:
            problems.append(Problem(name, f"{reason_of(error)}; the uses in it are not counted"))
    found = recorded_in(texts, until)
    return found._replace(problems=(*problems, *found.problems))


def _why_not(file: Path, until: date) -> str:
    if file.name[:7] > until.isoformat()[:7]:
        return "a month that is still to come"
    return f"with the later files it is more than {MOST_BYTES / 1e6:g} MB or {_MOST_FILES:,} files"
