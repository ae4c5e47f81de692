"""kb doctor: each thing that can be wrong is named with what mends it, and what is fine is left in peace."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from kb.doctor import checkup
from kb.doctor.diagnosis import Area, Level
from kb.doctor.site import Site
from kb.index.store import SnapshotStore
from kb.index.writer import Writer, WriterLock
from kb.knowledge_base import KnowledgeBase
from kb.reindex.ledger import Ledger, Outcome
from tests.aged import make_aged
from tests.conftest import Make, Run
from tests.snapshots import POSITIONS, edit_manifest, flip, found, live_folder, pointer, snapshots

FIX = "kb doctor --fix"
Damage = Callable[[Path], object]


@pytest.fixture(scope="module")
def aged(static_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_aged(tmp_path_factory.mktemp("aged") / "base", static_model)


@pytest.fixture
def root(aged: Path, tmp_path: Path, installation_seen: None) -> Path:
    """A knowledge base with three snapshots: stickers, then barcodes, then chips."""
    return shutil.copytree(aged, tmp_path / "base")


def examined(kb: Run, root: Path | None, *options: str) -> dict[str, Any]:
    done = kb(root, "doctor", "--json", *options)
    said: dict[str, Any] = json.loads(done.out)
    assert done.code == max(
        (Area(finding["area"]).exit_code for finding in said["findings"] if finding["level"] == "error"), default=0
    )
    assert said["sound"] == all(finding["level"] != "error" for finding in said["findings"])
    return said


def problems(root: Path | None, area: Area) -> list[tuple[str, str, str]]:
    """Return level, text and cure of what is not in order in one area."""
    site = Site.at(str(root) if root else None)
    found = [finding for check in checkup.CHECKS[area] for finding in check(site)]
    return [(finding.level.value, finding.what, finding.cure) for finding in found if finding.level is not Level.OK]


def the_problem(root: Path | None, area: Area) -> tuple[str, str, str]:
    (problem,) = problems(root, area)
    return problem


def earlier(root: Path) -> Path:
    return root / ".kb" / "snapshots" / snapshots(root)[0]


# Nothing is wrong.


def test_of_what_is_fine_there_is_a_line_for_each_area(root: Path, kb: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    done = kb(root, "doctor")
    assert (done.code, done.err) == (0, "")
    assert [line[:15].strip() for line in done.out.splitlines() if line[0] != " "] == [area.value for area in Area]
    assert "index          in order\n" in done.out
    assert "   ok: " not in done.out


def test_all_that_was_looked_at_is_shown_when_asked_for(root: Path, kb: Run) -> None:
    done = kb(None, "-v", "--root", str(root), "doctor")
    assert f"   ok: the live snapshot {live_folder(root).name} is sound: 3 lessons, 4 passages, built 2" in done.out
    assert "   ok: 3 lessons in lessons\n" in done.out
    assert "   ok: the model encodes as it did when the index was made\n" in done.out


def test_there_is_nothing_to_mend_in_what_is_sound(root: Path, kb: Run) -> None:
    before = {path: path.stat().st_mtime_ns for path in root.rglob("*") if path.is_file() and path.name != "lock"}
    assert examined(kb, root, "--fix")["done"] == []
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_looking_changes_nothing(root: Path, kb: Run) -> None:
    SnapshotStore(root).vector_cache.write_bytes(b"no database" * 1000)
    (root / ".kb" / "snapshots" / ".building-1").mkdir()
    before = {path: path.stat().st_mtime_ns for path in root.rglob("*")}
    examined(kb, root)
    assert {path: path.stat().st_mtime_ns for path in root.rglob("*")} == before


# The index.

DEAD = Writer(os.uname().nodename, 2**22 + 1, 1.0, "somebody", "2026-01-01T00:00:00+00:00")
MENDED_BY_FIX: dict[str, tuple[Damage, str, str]] = {
    "leftovers": (
        lambda root: (root / ".kb" / "snapshots" / ".building-1").mkdir(),
        "warning",
        "1 leftover of stopped runs",
    ),
    "a dead writer": (
        lambda root: (root / ".kb" / "lock").write_text(json.dumps(asdict(DEAD))),
        "warning",
        "the last writer, process 4194305 of somebody",
    ),
    "a flipped byte": (lambda root: flip(live_folder(root) / POSITIONS), "error", "the live snapshot is damaged: "),
    "no manifest": (lambda root: (live_folder(root) / "manifest.json").unlink(), "error", "no complete manifest"),
    "a file too many": (lambda root: (live_folder(root) / "x").touch(), "error", "is not in the manifest"),
    "an earlier one": (lambda root: flip(earlier(root) / POSITIONS), "warning", "the earlier snapshot "),
    "an empty pointer": (lambda root: pointer(root).write_text(""), "error", "names no snapshot"),
    "no pointer": (lambda root: pointer(root).unlink(), "error", "CURRENT is missing"),
    "a lost snapshot": (lambda root: shutil.rmtree(live_folder(root)), "error", "is not there"),
}


@pytest.mark.parametrize("case", MENDED_BY_FIX)
def test_what_is_wrong_with_the_index_is_named_and_mended(root: Path, kb: Run, case: str) -> None:
    damage, level, what = MENDED_BY_FIX[case]
    damage(root)
    problem = the_problem(root, Area.INDEX)
    assert (problem[0], problem[2]) == (level, FIX)
    assert what in problem[1]
    mended = examined(kb, root, "--fix")
    assert mended["sound"]
    assert problems(root, Area.INDEX) == []
    assert examined(kb, root, "--fix")["done"] == []
    assert found(kb, root, "parcels") == ["labels"]
    assert kb(root, "reindex").code == 0
    assert found(kb, root, "chips") == ["labels"]


def test_the_newest_sound_snapshot_goes_live_and_that_is_on_record(root: Path, kb: Run) -> None:
    _, second, third = snapshots(root)
    flip(live_folder(root) / POSITIONS)
    done = examined(kb, root, "--fix")["done"]
    assert done == [f"made {second} live: {third} is damaged", f"removed the damaged snapshot {third}"]
    assert live_folder(root).name == second
    run = Ledger(SnapshotStore(root).ledger).runs()[-1]
    assert (run.outcome, run.reason) == (Outcome.ROLLED_BACK, f"from {third} to {second}: {third} is damaged")


def test_where_no_snapshot_is_sound_only_a_full_reindex_helps(root: Path, kb: Run) -> None:
    for id_ in snapshots(root):
        flip(root / ".kb" / "snapshots" / id_ / POSITIONS)
    flip(live_folder(root) / "vectors" / "rows.npy")
    live = live_folder(root)
    assert ("error", "kb reindex --full") in [(level, cure) for level, _, cure in problems(root, Area.INDEX)]
    assert not examined(kb, root, "--fix")["sound"]
    assert live.is_dir(), "what is live is never removed"
    assert kb(root, "reindex", "--full").code == 0
    assert examined(kb, root)["sound"]


@pytest.mark.parametrize(("format_", "cure"), [(3, "kb reindex"), (99, "kb reindex --full")])
def test_a_live_snapshot_of_another_format_is_left_to_a_reindex(root: Path, kb: Run, format_: int, cure: str) -> None:
    edit_manifest(live_folder(root), format=format_)
    level, _, named = the_problem(root, Area.INDEX)
    assert (level, named) == ("error", cure)
    mended = examined(kb, root, "--fix")
    assert (mended["done"], [one["level"] for one in mended["findings"]].count("error")) == ([], 1)
    assert kb(root, *cure.split()[1:]).code == 0
    assert problems(root, Area.INDEX) == []


@pytest.mark.parametrize("lost", ["all", "snapshots"])
def test_without_an_index_a_reindex_makes_one(root: Path, kb: Run, lost: str) -> None:
    shutil.rmtree(root / ".kb" if lost == "all" else root / ".kb" / "snapshots")
    assert kb(root, "doctor", "--fix").code == 5
    assert [level for level, _, _ in problems(root, Area.INDEX)] == ["error"]
    assert kb(root, "reindex", "--full").code == 0
    assert examined(kb, root)["sound"]


def test_a_file_in_the_folders_place_is_named(make: Make, kb: Run) -> None:
    root = make({"a.md": "# A\n"})
    (root / ".kb").touch()
    level, what, cure = the_problem(root, Area.INDEX)
    assert (level, what) == ("error", f"{root}/.kb is no folder")
    assert cure == f"rm {root}/.kb && kb reindex"


@pytest.mark.parametrize("name", ["CURRENT", "lock", "ledger.jsonl", "vectors.sqlite"])
def test_a_folder_in_a_files_place_is_named(root: Path, kb: Run, name: str) -> None:
    path = root / ".kb" / name
    path.unlink()
    path.mkdir()
    assert ("error", f"{path} is a folder, not a file", FIX) in problems(root, Area.INDEX)
    assert kb(root, "reindex").code == 5
    assert kb(root, "doctor", "--fix").code == 0
    assert problems(root, Area.INDEX) == []


def test_a_writer_that_runs_is_fine_and_one_that_has_for_hours_is_not(root: Path, kb: Run) -> None:
    with WriterLock(SnapshotStore(root).lock).held() as writer:
        assert problems(root, Area.INDEX) == []
        (root / ".kb" / "lock").write_text(json.dumps(asdict(replace(writer, since="2026-01-01T00:00:00+00:00"))))
        level, what, cure = the_problem(root, Area.INDEX)
    assert (level, cure) == ("warning", f"kill {os.getpid()}")
    assert what.startswith("a writer has been running for hours: process ")


def test_while_another_writes_nothing_is_mended_and_that_is_said(root: Path, kb: Run) -> None:
    flip(live_folder(root) / POSITIONS)
    live = live_folder(root)
    with WriterLock(SnapshotStore(root).lock).held():
        said = examined(kb, root, "--fix")
    assert (said["done"], live_folder(root)) == ([], live)
    assert any(finding["what"].startswith("nothing was repaired: ") for finding in said["findings"])


def test_what_the_group_cannot_write_is_given_to_it(root: Path, kb: Run) -> None:
    (root / ".kb").chmod(0o2775)
    level, what, cure = the_problem(root, Area.INDEX)
    assert (level, cure) == ("warning", FIX)
    assert "cannot be written by its group" in what
    assert examined(kb, root, "--fix")["done"]
    assert problems(root, Area.INDEX) == []
    assert (live_folder(root) / "manifest.json").stat().st_mode & 0o777 == 0o664


def test_an_index_of_another_model_than_the_configured_one_is_a_warning(root: Path, kb: Run) -> None:
    (root / "kb.toml").write_text('[model]\nname = "all-MiniLM-L6-v2"\n')
    assert the_problem(root, Area.INDEX)[::2] == ("warning", "kb reindex")


# The vector cache.


def spoil(root: Path, value: bytes) -> None:
    import sqlite3

    with sqlite3.connect(SnapshotStore(root).vector_cache) as connection:
        first = "(SELECT min(rowid) FROM vectors)"
        connection.execute(f"UPDATE vectors SET vector = ? WHERE rowid = {first}", [value])


SPOILT: dict[str, Damage] = {
    "no database": lambda root: SnapshotStore(root).vector_cache.write_bytes(b"no database" * 1000),
    "too short": lambda root: spoil(root, b"\0" * 8),
    "no numbers": lambda root: spoil(root, b"\xff" * 4 * 48),
    "too long a vector": lambda root: spoil(root, b"\0\0\x80\x3f" * 48),
}


@pytest.mark.parametrize("case", SPOILT)
def test_what_is_wrong_with_the_vector_cache_is_named_and_mended(root: Path, kb: Run, case: str) -> None:
    SPOILT[case](root)
    assert the_problem(root, Area.VECTOR_CACHE)[::2] == ("error", FIX)
    assert len(examined(kb, root, "--fix")["done"]) == 1
    assert problems(root, Area.VECTOR_CACHE) == []
    assert kb(root, "reindex", "--full").code == 0


def test_a_cache_full_of_orphans_is_a_warning_that_gc_mends(root: Path, kb: Run) -> None:
    for id_ in snapshots(root)[:-1]:
        shutil.rmtree(root / ".kb" / "snapshots" / id_)
    (root / "lessons" / "plans.md").unlink()
    (root / "lessons" / "labels.md").unlink()
    kb(root, "reindex", "--full", "--allow-removals")
    shutil.rmtree(root / ".kb" / "snapshots" / snapshots(root)[0])
    level, what, cure = the_problem(root, Area.VECTOR_CACHE)
    assert (level, cure) == ("warning", "kb gc")
    assert what.startswith("of texts that are gone: ")
    assert kb(root, "gc").code == 0
    assert problems(root, Area.VECTOR_CACHE) == []


# The configuration.


@pytest.mark.parametrize("text", ["[corpus", "[serach]\nlimit = 3\n", '[search]\nlimit = "many"\n'])
def test_a_configuration_that_cannot_be_read_hides_nothing_else(root: Path, kb: Run, text: str) -> None:
    (root / "kb.toml").write_text(text)
    flip(live_folder(root) / POSITIONS)
    level, what, cure = the_problem(root, Area.CONFIGURATION)
    assert (level, cure) == ("error", f"edit {root}/kb.toml")
    assert str(root / "kb.toml") in what
    assert the_problem(root, Area.INDEX)[0] == "error"
    assert len(examined(kb, root, "--fix")["done"]) == 2


def test_without_a_knowledge_base_the_installation_is_looked_at(
    tmp_path: Path, kb: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert the_problem(None, Area.CONFIGURATION)[::2] == ("error", "kb init")
    assert any(finding["area"] == "installation" for finding in examined(kb, None, "--fix")["findings"])


CONFIGURED = {
    "no lesson": ('[corpus]\ninclude = ["*.txt"]\n', "warning", "no lesson in lessons"),
    "a folder that is not there": ('[corpus]\npaths = ["lessons", "more"]\n', "error", "more/: does not exist"),
    "overlap": ('[corpus]\npaths = ["lessons", "."]\n', "warning", "'lessons' and '.' overlap"),
    "derived": ('[corpus]\npaths = ["lessons", ".kb"]\n', "error", "'.kb' is in .kb"),
}


@pytest.mark.parametrize("case", CONFIGURED)
def test_what_is_odd_about_the_corpus_is_named(root: Path, kb: Run, case: str) -> None:
    config, level, what = CONFIGURED[case]
    with (root / "kb.toml").open("a") as file:
        file.write(config)
    (found,) = [*problems(root, Area.CONFIGURATION), *problems(root, Area.LESSONS)][:1]
    assert found[0] == level
    assert what in found[1]
    assert found[2]


# The schedule and the last runs.


def test_a_last_run_that_failed_is_named_with_its_reason(root: Path, kb: Run) -> None:
    ledger = Ledger(SnapshotStore(root).ledger)
    ledger.end(ledger.begin(Writer.this_process()), Outcome.FAILED, "the disk is full")
    said = problems(root, Area.SCHEDULE)
    assert any(what.endswith("was failed: the disk is full") and cure == "kb reindex" for _, what, cure in said)
    assert kb(root, "doctor").code == 3
    assert kb(root, "reindex").code == 0
    assert kb(root, "doctor").code == 0


def test_an_index_that_nobody_brought_up_to_date_for_26_hours_is_a_warning(root: Path, kb: Run) -> None:
    ledger = SnapshotStore(root).ledger
    text = ledger.read_text()
    day = Ledger(ledger).runs()[-1].began[:10]
    ledger.write_text(text.replace(day, "2026-01-02"))
    assert any(what.startswith("no run has ended well for ") for _, what, _ in problems(root, Area.SCHEDULE))


@pytest.mark.parametrize("damage", ["gone", "a folder", "nonsense"])
def test_a_ledger_that_cannot_be_read_is_a_warning(root: Path, kb: Run, damage: str) -> None:
    ledger = SnapshotStore(root).ledger
    ledger.unlink()
    if damage == "a folder":
        ledger.mkdir()
    elif damage == "nonsense":
        ledger.write_bytes(b"\xff\0{]\n")
    levels = {level for level, _, _ in problems(root, Area.SCHEDULE)}
    assert levels == {"warning"}


@pytest.mark.parametrize(("words", "shown"), [("too deep\nby far", "too deep"), ("", "")])
def test_a_check_that_breaks_hides_no_other(
    root: Path, kb: Run, monkeypatch: pytest.MonkeyPatch, words: str, shown: str
) -> None:
    def breaking(site: object) -> Any:
        raise RecursionError(words)

    broken = {**checkup.CHECKS, Area.INDEX: (breaking, *checkup.CHECKS[Area.INDEX])}
    monkeypatch.setattr(checkup, "CHECKS", broken)
    said = [finding["what"] for finding in examined(kb, root)["findings"] if finding["level"] == "error"]
    assert said == [f"breaking cannot be checked: RecursionError: {shown}"]


def test_the_next_run_after_a_killed_one_is_all_it_takes(root: Path, kb: Run) -> None:
    (root / ".kb" / "snapshots" / ".building-1").mkdir()
    (root / ".kb" / "lock").write_text(json.dumps(asdict(DEAD)))
    Ledger(SnapshotStore(root).ledger).begin(DEAD)
    assert KnowledgeBase(root).reindex().refusal == ""
    assert problems(root, Area.INDEX) == []
