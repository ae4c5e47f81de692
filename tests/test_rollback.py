"""kb rollback: an earlier snapshot answers again, if it is sound, and the next reindex catches up."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from kb.index.store import SnapshotStore
from kb.index.writer import WriterLock
from kb.reindex.ledger import Ledger, Outcome
from tests.aged import make_aged
from tests.conftest import Make, Run
from tests.snapshots import LESSONS, POSITIONS, edit_manifest, flip, found, live_folder, pointer, snapshots


@pytest.fixture(scope="module")
def aged(static_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_aged(tmp_path_factory.mktemp("aged") / "base", static_model)


@pytest.fixture
def root(aged: Path, tmp_path: Path) -> Path:
    """A knowledge base with three snapshots: stickers, then barcodes, then chips."""
    return shutil.copytree(aged, tmp_path / "base")


def test_the_snapshot_before_the_live_one_answers_again(root: Path, kb: Run) -> None:
    _, second, third = snapshots(root)
    done = kb(root, "rollback")
    assert (done.code, done.out) == (0, "")
    assert done.err.startswith(f"kb: {second} is live, built ")
    assert "the next `kb reindex` brings the index up to date" in done.err
    assert live_folder(root).name == second
    assert (found(kb, root, "barcodes"), found(kb, root, "chips")) == (["labels"], [])
    assert snapshots(root)[-1] == third, "nothing is removed"


def test_one_can_go_back_step_by_step_and_forward_by_name(root: Path, kb: Run) -> None:
    first, _, third = snapshots(root)
    kb(root, "rollback")
    kb(root, "rollback")
    assert live_folder(root).name == first
    done = kb(root, "rollback")
    assert done.code == 2
    assert done.err.startswith(f"kb: no snapshot is kept from before the live one ({first}); there are: {first}, ")
    assert kb(root, "rollback", third[:-2]).code == 0
    assert live_folder(root).name == third


def test_the_next_reindex_brings_the_index_up_to_date_again(root: Path, kb: Run) -> None:
    kb(root, "rollback")
    report = json.loads(kb(root, "reindex", "--json").out)
    assert (report["changed"], report["published"], report["encoded"]) == (1, True, 0)
    assert found(kb, root, "chips") == ["labels"]


def test_it_is_on_record_which_it_was_and_which_it_is(root: Path, kb: Run) -> None:
    _, second, third = snapshots(root)
    kb(root, "rollback")
    run = Ledger(SnapshotStore(root).ledger).runs()[-1]
    assert (run.outcome, run.reason) == (Outcome.ROLLED_BACK, f"from {third} to {second}")
    assert run.ended


def test_the_live_one_can_be_named_and_nothing_happens(root: Path, kb: Run) -> None:
    before = pointer(root).stat().st_mtime_ns, len(Ledger(SnapshotStore(root).ledger).runs())
    assert kb(root, "rollback", live_folder(root).name).code == 0
    assert (pointer(root).stat().st_mtime_ns, len(Ledger(SnapshotStore(root).ledger).runs())) == before


def test_a_damaged_snapshot_is_not_made_live(root: Path, kb: Run) -> None:
    _, second, third = snapshots(root)
    flip(root / ".kb" / "snapshots" / second / POSITIONS)
    done = kb(root, "rollback")
    assert done.code == 5
    assert done.err.startswith(f"kb: {second} was not made live: ")
    assert done.err.endswith("differs from what was written; `kb rollback --list` shows the others\n")
    assert live_folder(root).name == third


def test_one_of_another_format_is_not_made_live(root: Path, kb: Run) -> None:
    _, second, third = snapshots(root)
    edit_manifest(root / ".kb" / "snapshots" / second, format=3)
    done = kb(root, "rollback")
    assert (done.code, done.err.count("\n")) == (5, 1)
    assert "the older format 3" in done.err
    assert live_folder(root).name == third


def test_a_live_one_that_is_damaged_is_what_one_goes_back_from(root: Path, kb: Run) -> None:
    (live_folder(root) / "manifest.json").unlink()
    assert kb(root, "rollback").code == 0
    assert found(kb, root, "barcodes") == ["labels"]


def test_where_the_pointer_names_nothing_one_must_be_named(root: Path, kb: Run) -> None:
    first = snapshots(root)[0]
    pointer(root).write_text("\n")
    assert kb(root, "rollback").code == 5
    assert kb(root, "rollback", first).code == 0
    assert live_folder(root).name == first


@pytest.mark.parametrize(
    ("name", "said"), [("1999", "no snapshot '1999'"), ("2", "more than one snapshot begins with")]
)
def test_a_name_that_fits_none_or_several_is_an_error_that_names_all(root: Path, kb: Run, name: str, said: str) -> None:
    done = kb(root, "rollback", name)
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert said in done.err
    assert all(id_ in done.err for id_ in snapshots(root))


def test_without_an_index_there_is_nothing_to_go_back_to(make: Make, kb: Run) -> None:
    done = kb(make(LESSONS), "rollback")
    assert (done.code, done.err.count("\n")) == (5, 1)
    assert "there is no index in" in done.err


def test_another_writer_is_not_disturbed(root: Path, kb: Run) -> None:
    with WriterLock(SnapshotStore(root).lock).held():
        done = kb(root, "rollback")
        waited = kb(root, "rollback", "--wait", "0.01")
    assert (done.code, done.err.count("\n")) == (4, 1)
    assert (waited.code, waited.err.startswith("kb: waiting for another writer: ")) == (4, True)
    assert live_folder(root).name == snapshots(root)[-1]


def test_a_step_that_fails_is_on_record_as_failed(root: Path, kb: Run) -> None:
    before = live_folder(root).name
    pointer(root).unlink()
    pointer(root).mkdir()
    assert kb(root, "rollback", before).code != 0
    run = Ledger(SnapshotStore(root).ledger).runs()[-1]
    assert (run.outcome, run.reason) == (Outcome.FAILED, f"{before} could not be made live")


def test_where_the_pointer_names_nothing_what_there_is_can_be_listed(root: Path, kb: Run) -> None:
    pointer(root).unlink()
    done = kb(root, "rollback", "--list")
    assert (done.code, len(done.out.splitlines()), "live" in done.out) == (0, 3, False)


def test_what_there_is_can_be_listed(root: Path, kb: Run) -> None:
    first, second, third = snapshots(root)
    (root / ".kb" / "snapshots" / first / "manifest.json").unlink()
    lines = kb(root, "rollback", "--list").out.splitlines()
    assert [line.split()[0] for line in lines] == [third, second, first]
    assert lines[0].startswith(f"{third}  live  built 2")
    assert lines[0].endswith("  3 lessons")
    assert lines[1].startswith(f"{second}        built ")
    assert "cannot be opened: " in lines[2]


def test_what_there_is_can_be_listed_for_programs(root: Path, kb: Run) -> None:
    listed = json.loads(kb(root, "rollback", "--list", "--json").out)["snapshots"]
    assert [(one["id"], one["live"], one["lessons"]) for one in listed] == [
        (id_, id_ == live_folder(root).name, 3) for id_ in reversed(snapshots(root))
    ]
    after = json.loads(kb(root, "rollback", "--json").out)["snapshots"]
    assert [one["live"] for one in after] == [False, True, False]
