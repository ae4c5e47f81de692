"""The ledger of uses: what is recorded is read again, by many, over merges, and whatever else stands in its files."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.format import OUTCOMES
from kb.errors import CannotWrite
from kb.reuse.ledger import FOLDER, MOST_BYTES, Ledger, countable, last_day, record, recorded_in
from kb.reuse.recorded import LONGEST, RecordedUse, new_key, read_line
from tests.git import commit, git

USE = RecordedUse(
    "0a1b2c3d4e5f", "2026-05-02", "labels", "Depot East", "helped", "in May", "12 days", "Jo <jo@x.example>"
)
UNTIL = date(2026, 8, 1)
TEXTS = st.text(max_size=40).filter(lambda text: "\n" not in text)


@given(st.builds(USE._replace, where=TEXTS.filter(bool), note=TEXTS, by=TEXTS, outcome=st.sampled_from(OUTCOMES)))
def test_a_line_is_read_as_it_was_written(use: RecordedUse) -> None:
    assert use.as_line.endswith("\n")
    assert use.as_line.count("\n") == 1
    assert read_line(use.as_line, UNTIL) == use


@given(st.text())
def test_any_text_is_read_or_named(text: str) -> None:
    recorded = recorded_in([("reuse/2026-05.jsonl", text)], UNTIL)
    lines = [line for line in text.split("\n") if line.strip()]
    assert len(recorded.uses) + len(recorded.problems) == len(lines)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"outcome": "great"}, "`outcome` is none of helped, partly, did-not-help"),
        ({"lesson": ""}, "it needs `lesson` and `in`"),
        ({"in": ""}, "it needs `lesson` and `in`"),
        ({"date": "May"}, "`date` is not a day, such as 2026-05-01"),
        ({"date": "2026-05"}, "`date` is not a day, such as 2026-05-01"),
        ({"date": "2026-02-30"}, "`date` is not a day, such as 2026-05-01"),
        ({"date": "20260501"}, "`date` is not a day, such as 2026-05-01"),
        ({"date": "2026-08-02"}, "`date` is still to come"),
        ({"date": "9999-12-31"}, "`date` is still to come"),
        ({"use": "../../x"}, "`use` is not the key that kb wrote"),
        ({"note": 7}, "`note` is not a text of at most 1,000 characters"),
        ({"note": "x" * (LONGEST + 1)}, "`note` is not a text of at most 1,000 characters"),
    ],
)
def test_a_line_that_is_no_use_is_named_with_its_place(change: dict[str, object], reason: str) -> None:
    bad = json.dumps(json.loads(USE.as_line) | change)
    recorded = recorded_in([("reuse/2026-05.jsonl", f"\n{bad}\n{USE.as_line}")], UNTIL)
    assert recorded.uses == (USE,)
    assert [str(problem) for problem in recorded.problems] == [
        f"reuse/2026-05.jsonl:2: not a use: {reason}; correct or remove the line"
    ]


@pytest.mark.parametrize("line", ["[1]", "{", "<<<<<<< HEAD", "[" * 100_000, "\ud800"])
def test_other_lines_are_named_too(line: str) -> None:
    assert len(recorded_in([("a", line)], UNTIL).problems) == 1


def test_a_key_of_a_later_version_does_no_harm_and_a_repeated_line_counts_once() -> None:
    later = json.dumps(json.loads(USE.as_line) | {"mood": 3})
    assert recorded_in([("a", later), ("b", USE.as_line * 2)], UNTIL).uses == (USE,)


def test_uses_are_recorded_by_month_and_seen_at_once(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    assert ledger.now().uses == ()
    first, attributes = record(tmp_path, USE)
    assert ledger.now().uses == (USE,)
    other = USE._replace(key=new_key(), date="2026-06-01")
    (second,) = record(tmp_path, other)
    assert [path.name for path in (first, attributes, second)] == ["2026-05.jsonl", ".gitattributes", "2026-06.jsonl"]
    assert ledger.now().uses == (USE, other)


def test_a_file_that_an_editor_left_without_an_end_of_line_loses_nothing(tmp_path: Path) -> None:
    path, _ = record(tmp_path, USE)
    path.write_text(path.read_text("utf-8").rstrip("\n"), "utf-8")
    other = USE._replace(key=new_key())
    record(tmp_path, other)
    assert Ledger(tmp_path).now().uses == (USE, other)


def test_processes_that_record_at_once_lose_no_line(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from kb.reuse.ledger import record; from kb.reuse.recorded import *\n"
        "for _ in range(50): record(Path(sys.argv[1]), "
        "RecordedUse(new_key(), '2026-05-02', 'labels', 'Depot ' + 'x' * 500, 'helped'))"
    )
    running = [subprocess.Popen([sys.executable, "-c", program, str(tmp_path)]) for _ in range(3)]
    assert [process.wait() for process in running] == [0, 0, 0]
    recorded = Ledger(tmp_path).now()
    assert (len(recorded.uses), recorded.problems) == (150, ())


@pytest.mark.skipif(sys.platform != "linux", reason="the limit that stands for a full disk")
def test_a_line_for_which_the_disk_has_no_room_is_not_there_in_part(tmp_path: Path) -> None:
    record(tmp_path, USE)
    (file,) = (tmp_path / FOLDER).glob("*.jsonl")
    before = file.read_bytes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 10, hard))
    try:
        with pytest.raises(CannotWrite, match="no space"):
            record(tmp_path, USE._replace(key=new_key()))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert file.read_bytes() == before


def branches(root: Path) -> None:
    """Make a repository in which two branches have recorded uses in the same months."""
    git(root, "init", "-q", "-b", "main")
    record(root, USE)
    commit(root)
    for branch in ("east", "west"):
        git(root, "switch", "-q", "-c", branch, "main")
        for number in range(3):
            where = f"{branch} {number}"
            for day in ("2026-05-03", "2026-07-01"):  # a month that the other knows, and one that is new to both
                record(root, USE._replace(key=new_key(), where=where, date=day))
        commit(root)


@pytest.mark.skipif(not shutil.which("git"), reason="needs git")
def test_two_branches_are_merged_without_conflict_and_without_a_lost_line(tmp_path: Path) -> None:
    branches(tmp_path)
    git(tmp_path, "merge", "-q", "-m", "both", "east")
    recorded = Ledger(tmp_path).now()
    assert recorded.problems == ()
    assert sorted(use.where for use in recorded.uses) == sorted(
        ["Depot East", *(f"{branch} {number}" for branch in ("east", "west") for number in range(3) for _ in "ab")]
    )


@pytest.mark.skipif(not shutil.which("git"), reason="needs git")
def test_the_same_use_said_twice_on_two_branches_is_two_uses(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "main")
    record(tmp_path, USE)
    commit(tmp_path)
    for branch in ("east", "west"):
        git(tmp_path, "switch", "-q", "-c", branch, "main")
        record(tmp_path, USE._replace(key=new_key(), where="Depot South"))
        commit(tmp_path)
    git(tmp_path, "merge", "-q", "-m", "both", "east")
    assert [use.where for use in Ledger(tmp_path).now().uses].count("Depot South") == 2


def test_what_a_hostile_clone_may_bring_is_not_followed(tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.write_text(USE.as_line, "utf-8")
    root = tmp_path / "base"
    (root / FOLDER).mkdir(parents=True)
    (root / FOLDER / "2026-05.jsonl").symlink_to(private)
    os.mkfifo(root / FOLDER / "2026-04.jsonl")
    recorded = Ledger(root).now()
    assert recorded.uses == ()
    assert [problem.path for problem in recorded.problems] == ["reuse/2026-04.jsonl", "reuse/2026-05.jsonl"]
    with pytest.raises(CannotWrite, match="link"):
        record(root, USE)
    assert private.read_text("utf-8") == USE.as_line


def test_a_folder_that_is_a_link_is_neither_read_nor_written(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "2026-05.jsonl").write_text(USE.as_line, "utf-8")
    root = tmp_path / "base"
    root.mkdir()
    (root / FOLDER).symlink_to(elsewhere)
    assert Ledger(root).now().uses == ()
    with pytest.raises(CannotWrite, match="link"):
        record(root, USE._replace(date="2026-06-01"))
    assert [path.name for path in elsewhere.iterdir()] == ["2026-05.jsonl"]


def test_a_ledger_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / FOLDER).write_text("no folder", "utf-8")
    with pytest.raises(CannotWrite, match="reuse"):
        record(tmp_path, USE)


def test_of_a_ledger_that_is_too_large_the_newest_files_count_and_none_of_the_future(tmp_path: Path) -> None:
    sizes = [("2026-05.jsonl", MOST_BYTES), ("2026-07.jsonl", 600), ("2026-08.jsonl", 400), ("9999-12.jsonl", 1)]
    assert countable(sizes, UNTIL) == ["2026-07.jsonl", "2026-08.jsonl"]
    assert countable([("2026-06.jsonl", MOST_BYTES - 1000), *sizes], UNTIL)[0] == "2026-06.jsonl"
    record(tmp_path, USE)
    with (tmp_path / FOLDER / "2026-04.jsonl").open("wb") as file:
        file.truncate(MOST_BYTES)
    (tmp_path / FOLDER / "9999-12.jsonl").write_text(USE._replace(key=new_key()).as_line, "utf-8")
    recorded = Ledger(tmp_path).now()
    assert recorded.uses == (USE,)
    assert [(problem.path[6:13], problem.reason.partition("; ")[0]) for problem in recorded.problems] == [
        ("2026-04", "with the later files it is more than 16 MB or 1,200 files"),
        ("9999-12", "a month that is still to come"),
    ]


def test_a_use_of_tomorrow_counts_as_it_is_tomorrow_somewhere(tmp_path: Path) -> None:
    for days in (0, 1):
        record(tmp_path, USE._replace(key=new_key(), date=str(last_day() + timedelta(days=days))))
    assert [use.date for use in Ledger(tmp_path).now().uses] == [str(last_day())]
