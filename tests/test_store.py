"""The folder `.kb`: published whole or not at all, three kept, and nothing is removed that is being read."""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path

import pytest

from kb.errors import CannotWrite, UnknownSnapshot
from kb.index.snapshot import Snapshot
from kb.index.store import SnapshotStore
from search.errors import DamagedIndex
from tests.conftest import Make, Run
from tests.snapshots import BUILT, CARD, LESSONS, empty_store, flip, of_day, pointer, publish, snapshots


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
    assert sorted(live.manifest.files) == ["catalogue.sqlite", "postings/segment.npy"]
    assert live.size == 2 * len("content")
    assert live.built.isoformat() == BUILT
    live.verify("catalogue.sqlite")
    live.verify("postings")
    assert (tmp_path / ".kb" / "CURRENT").read_text() == "20260102T030405Z-aaaaaa\n"
    assert sorted(path.name for path in (tmp_path / ".kb").iterdir()) == [".gitignore", "CURRENT", "snapshots"]


def break_off(store: SnapshotStore, error: BaseException) -> None:
    with store.building() as folder:
        (folder / "postings").mkdir()
        (folder / "postings" / "half").write_text("a segm")
        raise error


@pytest.mark.parametrize(
    ("error", "raised", "said"),
    [
        pytest.param(KeyboardInterrupt("stop"), KeyboardInterrupt, "stop", id="Ctrl-C"),
        pytest.param(RuntimeError("stop"), RuntimeError, "stop", id="a bug"),
        pytest.param(
            MemoryError(), CannotWrite, r"\.kb: not enough memory; .*; the index is as it was", id="no memory"
        ),
    ],
)
def test_a_build_that_is_broken_off_leaves_nothing_behind(
    tmp_path: Path, error: BaseException, raised: type[BaseException], said: str
) -> None:
    store = empty_store(tmp_path)
    publish(store, of_day("1"))
    with pytest.raises(raised, match=f"{said}$"):
        break_off(store, error)
    assert snapshots(tmp_path) == [of_day("1")]
    live = store.live()
    assert live is not None
    assert live.manifest.id == of_day("1")


def test_a_full_disk_is_an_error_for_people_and_leaves_nothing_behind(tmp_path: Path) -> None:
    store = empty_store(tmp_path)
    publish(store, of_day("1"))
    said = r"\.kb: the disk is full: \S+ GB free, about 5000000\.0 GB needed; make room, .*; the index is as it was"
    with pytest.raises(CannotWrite, match=f"{said}$"), store.building(5 * 10**15):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "postings/segment.npy")
    assert snapshots(tmp_path) == [of_day("1")]


def test_a_file_in_the_place_of_a_folder_is_named_with_what_mends_it(make: Make, kb: Run) -> None:
    root = make(LESSONS)
    (root / ".kb").mkdir()
    (root / ".kb" / "snapshots").write_text("in the way")
    for command in (["reindex"], ["search", "parcels"], ["status"], ["gc"], ["rollback"]):
        done = kb(root, *command)
        assert (done.code, done.out) == (5, "")
        assert done.err.splitlines()[-1] == f"kb: {root}/.kb/snapshots is no folder; run `kb doctor --fix`"
    kb(root, "doctor", "--fix")
    assert kb(root, "reindex").code == 0


# What is removed.


def test_the_last_three_are_kept(tmp_path: Path) -> None:
    store = empty_store(tmp_path)
    for id_ in "12345":
        publish(store, of_day(id_))
    freed = store.remove_old()
    assert snapshots(tmp_path) == [of_day("3"), of_day("4"), of_day("5")]
    assert freed > 2 * 2 * len("content")
    assert store.remove_old() == 0


def test_the_live_one_is_kept_even_when_the_clock_went_back(tmp_path: Path) -> None:
    store = empty_store(tmp_path)
    for id_ in "7891":
        publish(store, of_day(id_))
    store.remove_old()
    assert snapshots(tmp_path) == [of_day("1"), of_day("8"), of_day("9")]
    live = store.live()
    assert live is not None
    assert live.manifest.id == of_day("1")


def test_one_by_words_only_goes_when_one_with_vectors_is_live_and_nobody_reads_it(tmp_path: Path) -> None:
    store = empty_store(tmp_path)
    publish(store, of_day("1"))
    reader = publish(store, of_day("2"))
    assert store.old() == [], "no other answers better"
    publish(store, of_day("3"), encoder=CARD)
    store.remove_old()
    assert snapshots(tmp_path) == [of_day("2"), of_day("3")], "one is being read"
    del reader
    store.remove_old()
    assert snapshots(tmp_path) == [of_day("3")]


def test_a_snapshot_that_is_read_is_not_removed_until_it_is_let_go(tmp_path: Path) -> None:
    store = empty_store(tmp_path)
    readers = [publish(store, of_day(id_)) for id_ in "12345"][:1]
    assert (store.is_in_use(of_day("1")), store.is_in_use(of_day("2"))) == (True, False)
    store.remove_old()
    assert snapshots(tmp_path) == [of_day("1"), of_day("3"), of_day("4"), of_day("5")]
    readers[0].verify()
    readers.clear()
    store.remove_old()
    assert snapshots(tmp_path) == [of_day("3"), of_day("4"), of_day("5")]


def test_what_killed_runs_left_is_removed_by_the_next_one(tmp_path: Path) -> None:
    store = empty_store(tmp_path)
    publish(store, of_day("1"))
    for name in (".building-abc", ".removing-0"):
        (tmp_path / ".kb" / "snapshots" / name / "postings").mkdir(parents=True)
        (tmp_path / ".kb" / "snapshots" / name / "postings" / "half").write_text("a segm")
    (tmp_path / ".kb" / ".CURRENT-0123abcd").write_text("1")
    assert store.ids() == [of_day("1")]
    assert store.remove_leftovers() == 2 * len("a segm") + 1
    assert snapshots(tmp_path) == [of_day("1")]
    assert sorted(path.name for path in (tmp_path / ".kb").iterdir()) == [".gitignore", "CURRENT", "snapshots"]
    assert store.remove_leftovers() == 0


def test_a_run_that_is_stopped_while_it_removes_a_snapshot_leaves_nothing_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = empty_store(tmp_path)
    for day in "1234":
        publish(store, of_day(day))
    replace = os.replace

    def stopped(source: Path, target: Path) -> None:
        replace(source, target)
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", stopped)
    with pytest.raises(KeyboardInterrupt):
        store.remove(of_day("1"))
    assert snapshots(tmp_path) == [of_day("2"), of_day("3"), of_day("4")]


# What is read.


def test_who_read_the_pointer_just_before_its_snapshot_was_removed_gets_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = empty_store(tmp_path)
    publish(store, of_day("1"))
    opened: list[str] = []
    real = Snapshot.open

    def open_late(folder: Path) -> Snapshot:
        opened.append(folder.name)
        if len(opened) == 1:
            monkeypatch.setattr(Snapshot, "open", real)
            publish(store, of_day("2"))
            store.remove(of_day("1"))
            monkeypatch.setattr(Snapshot, "open", open_late)
        return real(folder)

    monkeypatch.setattr(Snapshot, "open", open_late)
    live = store.live()
    assert live is not None
    assert (live.manifest.id, opened) == (of_day("2"), [of_day("1"), of_day("2")])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "CURRENT is missing"),
        (b"", "CURRENT names no snapshot"),
        (b"\n", "CURRENT names no snapshot"),
        (b"../1\n", "CURRENT names no snapshot"),
        (b".building-1\n", "CURRENT names no snapshot"),
        (b"\xff\xfe", "CURRENT cannot be read"),
        (b"2\n", "CURRENT names no snapshot"),
        (b"20260102T000000Z-000002\0\n", "CURRENT names no snapshot"),
        (b"1" * 2000, "CURRENT cannot be read"),
        (b"20260102T000000Z-000002\n", "20260102T000000Z-000002: no complete manifest"),
    ],
)
def test_a_pointer_that_leads_nowhere_is_damage_and_the_newest_sound_one_is_found(
    tmp_path: Path, text: bytes | None, said: str
) -> None:
    store = empty_store(tmp_path)
    publish(store, of_day("1"))
    pointer(tmp_path).unlink()
    if text is not None:
        pointer(tmp_path).write_bytes(text)
    with pytest.raises(DamagedIndex, match=re.escape(said)):
        store.live()
    sound = store.newest_sound()
    assert sound is not None
    assert sound.manifest.id == of_day("1")


def test_the_newest_sound_snapshot_is_one_of_which_every_byte_is_right(tmp_path: Path) -> None:
    store = empty_store(tmp_path)
    for id_ in "123":
        publish(store, of_day(id_))
    flip(tmp_path / ".kb" / "snapshots" / of_day("3") / "postings" / "segment.npy")
    (tmp_path / ".kb" / "snapshots" / of_day("4")).mkdir()
    sound = store.newest_sound()
    assert sound is not None
    assert sound.manifest.id == of_day("2")


def test_a_snapshot_is_opened_by_the_beginning_of_its_id(tmp_path: Path) -> None:
    store = empty_store(tmp_path)
    old, one, other = ids = ["20250101T000000Z-aaaaaa", "20260101T000000Z-aaaaaa", "20260101T000000Z-bbbbbb"]
    for id_ in ids:
        publish(store, id_)
    assert store.open("2025").manifest.id == old
    assert store.open(other[:-5]).manifest.id == other
    with pytest.raises(UnknownSnapshot, match=f"more than one .* '2026'; there are: {one}, {other}$"):
        store.open("2026")
    with pytest.raises(UnknownSnapshot, match=f"no snapshot '2027'; there are: {', '.join(ids)}$"):
        store.open("2027")


def test_an_id_sorts_behind_all_others_though_the_clock_was_set_back(tmp_path: Path) -> None:
    store = empty_store(tmp_path)
    publish(store, "29991231T235959Z-ffffff")
    following = store.next_id()
    assert following.startswith("30000101T000000Z-")
    publish(store, following)
    assert store.ids() == ["29991231T235959Z-ffffff", following]
    assert store.next_id() > following


def test_two_that_start_at_once_may_both_make_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = SnapshotStore(tmp_path)

    def tidied_up_by_another(aside: Path, path: Path) -> None:
        Path(path).write_text("*\n")
        raise FileNotFoundError(2, "No such file or directory", str(aside))

    monkeypatch.setattr(os, "replace", tidied_up_by_another)
    store.prepare()
    assert (store.folder / ".gitignore").read_text() == "*\n"


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(aside: Path, path: Path) -> None:
        raise FileNotFoundError(2, "No such file or directory", str(aside))

    monkeypatch.setattr(os, "replace", gone)
    with pytest.raises(CannotWrite, match="no such file"):
        SnapshotStore(tmp_path).prepare()
