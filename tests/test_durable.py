"""Writing so that nobody sees half of it, and so that a group may take turns."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest

from kb.system.durable import flush_tree, replace_text, share, share_one
from tests.snapshots import empty_store, publish

ANOTHER_GROUP = 54_321


@pytest.fixture
def _strict_mask() -> Iterator[None]:
    """What most people have: only they themselves may write."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# Whole or not at all.


def test_a_reader_never_sees_half_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    texts = {letter * 100_000 for letter in "ab"}
    replace_text(path, max(texts))
    seen: set[str] = set()
    done = Event()

    def read() -> None:
        while not done.is_set():
            seen.add(path.read_text())

    reader = Thread(target=read)
    reader.start()
    for _ in range(20):
        for text in sorted(texts):
            replace_text(path, text)
    done.set()
    reader.join()
    assert seen <= texts


def test_what_is_replaced_is_another_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    replace_text(path, "old")
    with path.open() as reader:
        replace_text(path, "new")
        assert reader.read() == "old"
    assert path.read_text() == "new"
    assert [item.name for item in tmp_path.iterdir()] == ["file"]


def test_a_text_that_cannot_be_written_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "file"
    replace_text(path, "old")
    with pytest.raises(UnicodeEncodeError):
        replace_text(path, "no text: \udc80")
    assert path.read_text() == "old"
    assert [item.name for item in tmp_path.iterdir()] == ["file"]


def test_a_file_that_cannot_be_replaced_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.mkdir()
    with pytest.raises(IsADirectoryError):
        replace_text(path, "new")
    assert [item.name for item in tmp_path.iterdir()] == ["file"]


def test_a_folder_is_flushed_with_all_that_is_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "file").write_text("text")
    flushed: list[str] = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        flushed.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    flush_tree(tmp_path)
    assert flushed == [str(tmp_path / "deep"), str(tmp_path / "deep" / "file"), str(tmp_path)]


# Shared by a group.


@pytest.mark.usefixtures("_strict_mask")
@pytest.mark.parametrize(
    ("folder", "file_in_it", "folder_in_it"),
    [(0o2775, 0o664, 0o2775), (0o770, 0o664, 0o775), (0o777, 0o666, 0o777), (0o755, 0o644, 0o755)],
    ids=oct,
)
def test_what_lies_in_a_folder_may_be_written_by_whoever_may_write_to_it(
    tmp_path: Path, folder: int, file_in_it: int, folder_in_it: int
) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "file").write_text("text")
    tmp_path.chmod(folder)
    share(tmp_path / "deep", tmp_path)
    assert (mode(tmp_path / "deep" / "file"), mode(tmp_path / "deep")) == (file_in_it, folder_in_it)


def test_nothing_is_taken_away_by_a_folder_that_is_read_only_for_a_while(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("text")
    file.chmod(0o640)
    tmp_path.chmod(0o500)
    share_one(file, tmp_path)
    tmp_path.chmod(0o700)
    assert mode(file) == 0o640


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may be in every group")
def test_what_lies_in_a_folder_belongs_to_its_group(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("text")
    os.chown(tmp_path, -1, ANOTHER_GROUP)
    replace_text(tmp_path / "other", "text")
    share_one(tmp_path / "file", tmp_path)
    assert {item.stat().st_gid for item in tmp_path.iterdir()} == {ANOTHER_GROUP}


@pytest.mark.usefixtures("_strict_mask")
def test_everything_in_a_shared_index_is_shared(tmp_path: Path) -> None:
    (tmp_path / ".kb").mkdir()
    (tmp_path / ".kb").chmod(0o2775)
    store = empty_store(tmp_path)
    publish(store, "1")
    for path in (tmp_path / ".kb").rglob("*"):
        assert mode(path) == (0o2775 if path.is_dir() else 0o664), path


@pytest.mark.usefixtures("_strict_mask")
def test_an_index_of_ones_own_stays_ones_own(tmp_path: Path) -> None:
    store = empty_store(tmp_path)
    publish(store, "1")
    for path in (tmp_path / ".kb").rglob("*"):
        assert mode(path) == (0o755 if path.is_dir() else 0o644), path
