"""The folder `.kb`: published whole or not at all, three kept, and nothing is removed that is being read."""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path

import pytest

from kb.errors import CannotWrite
from kb.index.store import SnapshotStore
from tests.conftest import Make, Run
from tests.snapshots import BUILT, LESSONS, empty_store, publish, snapshots


def test_before_anything_is_published_nothing_is_live(tmp_path: Path) -> None:
    assert SnapshotStore(tmp_path).live() is None
    assert not (tmp_path / ".kb").exists()


def test_what_is_published_is_live_and_complete(tmp_path: Path) -> None:
    store = empty_store(tmp_path)
    published = publish(store, "20260102T030405Z-aaaaaa")
    live = store.live()
    assert live is not None
    assert live.manifest == published.manifest
    assert live.folder == tmp_path / ".kb" / "snapshots" / "20260102T030405Z-aaaaaa"
    assert sorted(live.manifest.files) == ["catalogue.sqlite", "words/segment"]
    assert live.size == 2 * len("content")
    assert live.built.isoformat() == BUILT
    live.verify("catalogue.sqlite")
    live.verify("words")
    assert (tmp_path / ".kb" / "CURRENT").read_text() == "20260102T030405Z-aaaaaa\n"
    assert sorted(path.name for path in (tmp_path / ".kb").iterdir()) == [".gitignore", "CURRENT", "snapshots"]


def break_off(store: SnapshotStore, error: BaseException) -> None:
    with store.building() as folder:
        (folder / "words").mkdir()
        (folder / "words" / "half").write_text("a segm")
        raise error


@pytest.mark.parametrize(
    ("error", "raised", "said"),
    [
        pytest.param(KeyboardInterrupt("stop"), KeyboardInterrupt, "stop", id="Ctrl-C"),
        pytest.param(RuntimeError("stop"), RuntimeError, "stop", id="a bug"),
        pytest.param(MemoryError(), CannotWrite, r"\.kb: out of memory; the index is as it was", id="no memory"),
    ],
)
def test_a_build_that_is_broken_off_leaves_nothing_behind(
    tmp_path: Path, error: BaseException, raised: type[BaseException], said: str
) -> None:
    store = empty_store(tmp_path)
    publish(store, "1")
    with pytest.raises(raised, match=f"{said}$"):
        break_off(store, error)
    assert snapshots(tmp_path) == ["1"]
    live = store.live()
    assert live is not None
    assert live.manifest.id == "1"


def test_a_full_disk_is_an_error_for_people_and_leaves_nothing_behind(tmp_path: Path) -> None:
    store = empty_store(tmp_path)
    publish(store, "1")
    said = re.escape("words/segment: no space left on device; the index is as it was")
    with pytest.raises(CannotWrite, match=f"^{said}$"), store.building():
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "words/segment")
    assert snapshots(tmp_path) == ["1"]


def test_a_folder_that_cannot_be_made_is_named_and_exits_with_3(make: Make, kb: Run) -> None:
    root = make(LESSONS)
    (root / ".kb").mkdir()
    (root / ".kb" / "snapshots").write_text("in the way")
    done = kb(root, "reindex")
    assert (done.code, done.out) == (3, "")
    assert done.err.splitlines()[-1] == f"kb: {root / '.kb'}: file exists; the index cannot be written"


# What is removed.


def test_the_last_three_are_kept(tmp_path: Path) -> None:
    store = empty_store(tmp_path)
    for id_ in "12345":
        publish(store, id_)
    freed = store.remove_old()
    assert snapshots(tmp_path) == ["3", "4", "5"]
    assert freed > 2 * 2 * len("content")
    assert store.remove_old() == 0


def test_the_live_one_is_kept_even_when_the_clock_went_back(tmp_path: Path) -> None:
    store = empty_store(tmp_path)
    for id_ in "7891":
        publish(store, id_)
    store.remove_old()
    assert snapshots(tmp_path) == ["1", "8", "9"]
    live = store.live()
    assert live is not None
    assert live.manifest.id == "1"
