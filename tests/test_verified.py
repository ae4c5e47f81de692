"""What was found to be as it was written is not read again, unless anything may have happened to it since."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kb.index.snapshot import Snapshot
from kb.index.verified import Verified
from kb.knowledge_base import KnowledgeBase
from search.errors import DamagedIndex
from tests.conftest import Make
from tests.snapshots import LESSONS, flip, live_folder

SECOND = 1_000_000_000
DAY = 24 * 3600 * SECOND


class Clock:
    """Shows a time so many nanoseconds ahead of the machine's: files of a test are never old."""

    def __init__(self, ahead: int) -> None:
        self.ahead = ahead

    def __call__(self) -> int:
        return time.time_ns() + self.ahead


@pytest.fixture
def folder(indexed: Make) -> Path:
    """The snapshot of a real index."""
    root = indexed(LESSONS)
    return live_folder(root)


@pytest.fixture
def clock() -> Clock:
    return Clock(10 * SECOND)


@pytest.fixture
def verified(tmp_path: Path, clock: Clock) -> Verified:
    return Verified(tmp_path / "cache" / "verified", clock)


def is_read(verified: Verified, folder: Path, part: str = "") -> bool:
    """Return whether a snapshot is read when it is opened."""
    return verified.verify(Snapshot.open(folder), part)


def record(tmp_path: Path) -> Path:
    (path,) = (tmp_path / "cache" / "verified").iterdir()
    return path


def test_it_is_read_once(verified: Verified, folder: Path) -> None:
    assert [is_read(verified, folder) for _ in range(3)] == [True, False, False]


def test_a_part_is_not_read_when_all_of_it_was(verified: Verified, folder: Path) -> None:
    assert is_read(verified, folder, "catalogue.sqlite")
    assert is_read(verified, folder), "a part says nothing of the others"
    assert not is_read(verified, folder, "catalogue.sqlite")


def test_the_nightly_job_reads_it_again_whatever_is_remembered(verified: Verified, folder: Path) -> None:
    assert is_read(verified, folder)
    flip(folder / "vectors" / "rows.npy")
    with pytest.raises(DamagedIndex, match="differs from what was written"):
        verified.verify_again(Snapshot.open(folder))


def with_its_times(harm: Callable[[Path], object]) -> Callable[[Path], None]:
    """Let a file have the times afterwards that it had before, as far as a program can."""

    def harmed(path: Path) -> None:
        stat = path.stat()
        harm(path)
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))

    return harmed


def replaced(path: Path) -> None:
    """Put a damaged copy in a file's place."""
    aside = path.with_name("aside")
    shutil.copy2(path, aside)
    flip(aside)
    os.replace(aside, path)


@pytest.mark.parametrize(
    "part", ["catalogue.sqlite", "vectors/rows.npy", "vectors/keys.npy", "postings/docs.npy", "postings/first.npy"]
)
@pytest.mark.parametrize("harm", [flip, replaced], ids=["in place", "replaced"])
def test_what_changed_since_is_found_though_its_times_were_set_back(
    verified: Verified, folder: Path, part: str, harm: Callable[[Path], object]
) -> None:
    assert is_read(verified, folder)
    with_its_times(harm)(folder / part)
    for _ in range(2):
        with pytest.raises(DamagedIndex, match="differs from what was written"):
            is_read(verified, folder)


def test_a_file_that_was_only_touched_is_read(verified: Verified, folder: Path) -> None:
    assert is_read(verified, folder)
    (folder / "catalogue.sqlite").touch()
    assert [is_read(verified, folder) for _ in range(2)] == [True, False]


def test_a_copy_is_read_though_it_has_all_times_of_the_original(verified: Verified, folder: Path) -> None:
    assert is_read(verified, folder)
    aside = folder.with_name("aside")
    shutil.copytree(folder, aside)
    shutil.rmtree(folder)
    aside.rename(folder)
    assert is_read(verified, folder)


def test_a_record_says_nothing_of_a_folder_of_another_name(verified: Verified, folder: Path) -> None:
    assert is_read(verified, folder)
    assert is_read(verified, folder.rename(folder.with_name("20260101T000000Z-abcdef")))


def test_what_was_written_a_moment_ago_is_not_remembered(tmp_path: Path, folder: Path) -> None:
    """Whoever changes it within the same tick of the file system's clock leaves the same times."""
    for ahead in (0, 10 * SECOND):
        verified = Verified(tmp_path / "verified", Clock(ahead))
        assert is_read(verified, folder)
    assert not is_read(verified, folder)


@pytest.mark.parametrize("later", [DAY, -60 * SECOND], ids=["a day later", "the clock was set back"])
def test_it_is_believed_for_a_day(verified: Verified, folder: Path, clock: Clock, later: int) -> None:
    assert is_read(verified, folder)
    clock.ahead += DAY - 60 * SECOND
    assert not is_read(verified, folder)
    clock.ahead += later - DAY + 60 * SECOND
    assert is_read(verified, folder)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", "{}", '{"verified": "x"}', '{"verified": 1e999}', "[" * 100_000, "\0" * 40, "\ud800"],
)
def test_a_damaged_record_is_as_good_as_none(verified: Verified, folder: Path, tmp_path: Path, text: str) -> None:
    assert is_read(verified, folder)
    record(tmp_path).write_bytes(text.encode("utf-8", "surrogatepass"))
    assert [is_read(verified, folder) for _ in range(2)] == [True, False]


def test_a_record_without_one_of_the_files_is_not_believed(verified: Verified, folder: Path, tmp_path: Path) -> None:
    assert is_read(verified, folder)
    said = json.loads(record(tmp_path).read_text())
    del said["files"]["vectors/rows.npy"]
    record(tmp_path).write_text(json.dumps(said))
    assert is_read(verified, folder)


def test_a_record_that_others_may_write_is_not_believed(verified: Verified, folder: Path, tmp_path: Path) -> None:
    assert is_read(verified, folder)
    record(tmp_path).chmod(0o666)
    assert [is_read(verified, folder) for _ in range(2)] == [True, False]


def test_a_record_of_another_user_is_not_believed(
    verified: Verified, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert is_read(verified, folder)
    with monkeypatch.context() as other:
        other.setattr(os, "geteuid", lambda: os.getuid() + 1)
        assert is_read(verified, folder)


def test_without_a_cache_all_is_read_each_time(tmp_path: Path, folder: Path, clock: Clock) -> None:
    (tmp_path / "file").touch()
    verified = Verified(tmp_path / "file" / "verified", clock)
    assert [is_read(verified, folder) for _ in range(2)] == [True, True]
    assert (tmp_path / "file").read_bytes() == b""


def test_a_knowledge_base_remembers_one_snapshot_and_no_other_knowledge_base(
    verified: Verified, folder: Path, tmp_path: Path, make: Make
) -> None:
    other_root = make(LESSONS, name="other")
    KnowledgeBase(other_root).reindex()
    other = live_folder(other_root)
    assert [is_read(verified, each) for each in (folder, other, folder, other)] == [True, True, False, False]
    KnowledgeBase(folder.parents[2]).reindex()
    assert len(list((tmp_path / "cache" / "verified").iterdir())) == 2


def test_nothing_of_it_lies_in_the_knowledge_base(verified: Verified, folder: Path) -> None:
    before = sorted(folder.parents[2].rglob("*"))
    assert is_read(verified, folder)
    assert sorted(folder.parents[2].rglob("*")) == before
