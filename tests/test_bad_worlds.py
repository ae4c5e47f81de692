"""Disks that are full, memory that is not there, files that change while they are read, clocks that go back.

Whatever happens is one line, the old index answers, nothing is left behind, and the next run goes on. At every
4 kB of a filling disk by `KB_LONG=1 pytest tests/test_bad_worlds.py`.
"""

from __future__ import annotations

import os
import re
import resource
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest

from kb.errors import CannotWrite, Exit
from kb.index.soundness import defects
from kb.index.store import SnapshotStore
from kb.knowledge_base import KnowledgeBase
from kb.reindex.reindex import Orders
from tests.conftest import Make, Run, write
from tests.examples import LONG
from tests.index_state import State, answering, assert_same, leftovers, state_of
from tests.invented import lesson, lessons, question
from tests.permissions import like_anybody
from tests.runner import Runner

QUERIES = [question(Random(seed)) for seed in range(2)]
PAGE = 4096
ONE_LINE = r"{}\S*: [^\n]+; the index (is as it was|cannot be written)"


def changed_since(indexed: Make) -> tuple[Path, State | None]:
    """Index some lessons, then change them."""
    root = indexed(lessons(6))
    state = state_of(root, QUERIES)
    write(root, "0/0000.md", lesson(Random(1)))
    write(root, "new.md", lesson(Random(2), sections=6))
    return root, state


def assert_as_it_was(root: Path, state: State | None, error: Exception | None = None) -> None:
    if error:
        assert isinstance(error, CannotWrite), error
        assert error.exit_code is Exit.PARTLY_FAILED
        assert re.fullmatch(ONE_LINE.format(re.escape(str(root))), str(error))
    assert_same(state_of(root, QUERIES), state)
    assert defects(answering(root)) == []


def assert_goes_on(root: Path) -> None:
    report = KnowledgeBase(root).reindex()
    assert (report.published, report.lessons, report.problems) == (True, 7, ())
    assert leftovers(root) == []
    assert defects(answering(root)) == []


# Full disks. The word index leaves files to the garbage collector when it fails.

left_open = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@contextmanager
def files_up_to(size: int) -> Iterator[None]:
    """Let the system refuse to write files beyond a size."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


SIZES = range(0, 30 * PAGE, PAGE // 4) if LONG else (0, 150, PAGE, 3 * PAGE, 8 * PAGE, 12 * PAGE)


@left_open
@pytest.mark.parametrize("full", [False, True])
def test_where_files_may_not_grow(indexed: Make, full: bool) -> None:
    root, state = changed_since(indexed)
    stopped = 0
    for size in SIZES:
        try:
            with files_up_to(size):
                report = KnowledgeBase(root).reindex(Orders(full=full))
            assert report.published
            break
        except CannotWrite as error:
            stopped += 1
            assert_as_it_was(root, state, error)
            assert [name for name in leftovers(root) if not name.startswith("vectors.sqlite-")] == []
    assert stopped > 3
    if stopped == len(SIZES):
        assert_goes_on(root)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes."""
    folder = tmp_path / "base"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "none", str(folder)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("nothing may be mounted here")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(disk: Path, free: int) -> None:
    """Leave so many bytes of a disk."""
    (disk / "filler").unlink(missing_ok=True)
    left = os.statvfs(disk)
    (disk / "filler").write_bytes(bytes(left.f_bavail * left.f_frsize - free))


PAGES = range(0, 120) if LONG else (0, 1, 2, 5, 20, 40)


@left_open
def test_a_disk_that_is_full(indexed: Make, small_disk: Path, kb: Run) -> None:
    elsewhere, _ = changed_since(make_elsewhere(indexed))
    shutil.copytree(elsewhere, small_disk, dirs_exist_ok=True)
    state = state_of(small_disk, QUERIES)
    for pages in PAGES:
        fill(small_disk, pages * PAGE)
        done = kb(None, "-q", "--root", str(small_disk), "reindex")
        if done.code == 0:
            break
        assert (done.code, done.out) == (3, "")
        assert re.fullmatch(f"kb: {ONE_LINE.format(re.escape(str(small_disk)))}\n", done.err)
        assert_as_it_was(small_disk, state)
        assert leftovers(small_disk) == []
    else:
        (small_disk / "filler").unlink()
        assert_goes_on(small_disk)
    assert pages > 5


def make_elsewhere(indexed: Make) -> Make:
    return lambda *arguments, **options: indexed(*arguments, **options, name="elsewhere")


def test_a_folder_that_may_only_be_read(indexed: Make, kb: Run) -> None:
    root, state = changed_since(indexed)
    folders = [root / ".kb", *(path for path in (root / ".kb").rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o500)
    try:
        with like_anybody():
            done = kb(None, "-q", "--root", str(root), "reindex")
            assert_as_it_was(root, state)
            assert kb(root, "search", "--mode", "lexical", QUERIES[0]).code == 0
    finally:
        for folder in folders:
            folder.chmod(0o700)
    assert (done.code, done.out) == (3, "")
    assert re.fullmatch(f"kb: {ONE_LINE.format(re.escape(str(root)))}\n", done.err)
    assert_goes_on(root)


# Memory.


@pytest.mark.parametrize("megabytes", range(0, 120, 4) if LONG else (0, 8, 60))
def test_too_little_memory(indexed: Make, runner: Runner, megabytes: int) -> None:
    root, state = changed_since(indexed)
    ended = runner.run(root, full=True, memory=megabytes * 2**20)
    # How it ends is for the libraries that are refused memory: an error, a panic, an aborted process.
    if not ended.report:
        assert_as_it_was(root, state)
        assert_goes_on(root)


# Files that change while they are read.


class Doing:
    """Does something once, when a stage has come so far."""

    def __init__(self, stage: str, steps: int, deed: Callable[[], object]) -> None:
        self._wanted, self._left, self._deed = stage, steps, deed
        self._now = ""

    def tell(self, line: str) -> None: ...

    def stage(self, name: str, total: int) -> None:
        self._now = name
        self.advance(0)

    def advance(self, steps: int = 1) -> None:
        if self._now == self._wanted:
            self._left -= steps
            if self._left <= 0:
                self._wanted = ""
                self._deed()

    def finish(self) -> None: ...


def texts(root: Path) -> set[str]:
    base = KnowledgeBase(root)
    return {base.text(lesson) for lesson in base.lessons()}


def passages(root: Path) -> str:
    state = state_of(root, QUERIES)
    assert state
    return " ".join(passage.text for found in state.passages.values() for passage, _ in found)


@pytest.mark.parametrize("same_size", [True, False])
@pytest.mark.parametrize("old", [True, False])
@pytest.mark.parametrize(("stage", "steps"), [("reading", 0), ("reading", 2), ("indexing words", 0), ("publishing", 0)])
def test_a_file_that_changes_during_the_run_is_picked_up_by_the_next(
    make: Make, stage: str, steps: int, same_size: bool, old: bool
) -> None:
    root = make({f"{number}.md": f"# {number}\n\nParcels come back.\n" for number in range(4)})
    for path in (root / "lessons").iterdir():
        os.utime(path, (time.time() - 3600 * old,) * 2)

    def change() -> None:
        for number in range(4):
            write(root, f"{number}.md", f"# {number}\n\n{'Letters' if same_size else 'Brochures'} come back.\n")

    KnowledgeBase(root, Doing(stage, steps, change)).reindex()
    KnowledgeBase(root).reindex()
    assert "Parcels" not in passages(root)
    assert defects(answering(root)) == []


def test_a_file_that_vanishes_before_it_is_read_is_named_and_gone_the_next_time(indexed: Make) -> None:
    root = indexed({"stays.md": "# Stays\n", "changed.md": "# Old\n\nOld zebra.\n"})
    write(root, "changed.md", "# Changed\n\nChanged zebra, at length.\n")
    new = write(root, "new.md", "# New\n")

    def vanish() -> None:
        new.unlink()
        (root / "lessons" / "changed.md").unlink()

    report = KnowledgeBase(root, Doing("reading", 0, vanish)).reindex()
    assert [str(problem) for problem in report.problems] == [
        "lessons/changed.md: does not exist; what was indexed before is kept",
        "lessons/new.md: does not exist; what was indexed before is kept",
    ]
    assert (report.lessons, "Old zebra" in passages(root)) == (2, True)
    report = KnowledgeBase(root).reindex()
    assert (report.removed, report.lessons, report.problems) == (1, 1, ())


# Clocks.


def test_files_of_the_past_and_of_the_future(indexed: Make) -> None:
    root = indexed({"a.md": "# A\n\nParcels.\n", "b.md": "# B\n\nParcels.\n"})
    for hours, word in ((-(10**5), "Letters"), (10**5, "Valves.")):
        for name in "ab":
            file = write(root, f"{name}.md", f"# {name.upper()}\n\n{word}.\n")
            os.utime(file, (time.time() + 3600 * hours,) * 2)
        report = KnowledgeBase(root).reindex()
        assert (report.changed, report.published) == (2, True)
        assert word in passages(root)


def test_files_of_the_future_are_published_once(make: Make) -> None:
    root = make({"a.md": "# A\n\nParcels.\n"})
    os.utime(root / "lessons" / "a.md", (time.time() + 10**6,) * 2)
    assert KnowledgeBase(root).reindex().published
    assert [KnowledgeBase(root).reindex().published for _ in range(2)] == [False, False]


def test_an_index_of_the_future_is_followed_by_the_next(make: Make) -> None:
    root = make({"a.md": "# A\n\nParcels.\n"})
    first = KnowledgeBase(root).reindex().snapshot
    store = SnapshotStore(root)
    future = "29991231T235959Z-ffffff"
    folder = root / ".kb" / "snapshots"
    (folder / str(first)).rename(folder / future)
    (root / ".kb" / "CURRENT").write_text(future)
    write(root, "a.md", "# A\n\nValves, at length.\n")
    report = KnowledgeBase(root).reindex()
    assert report.snapshot == store.ids()[-1]
    assert "Valves" in passages(root)
