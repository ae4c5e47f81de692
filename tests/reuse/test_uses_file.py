"""What the uses in the ledger come to is kept in a file, which is believed only as long as nothing has changed."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ingest.format import OUTCOMES
from kb.index.uses_file import UsesFile
from kb.people.people_file import PeopleFile
from kb.reuse.ledger import FOLDER, Ledger
from kb.reuse.recorded import RecordedUse
from kb.reuse.tally import Tally

HELPED, PARTLY, NOT = OUTCOMES
OPTED_OUT = "---\npeople:\n  - {name: Jo Doe, opted_out: true}\n---\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with a ledger of 300 uses of three lessons."""
    for name in (FOLDER, ".kb"):
        (tmp_path / name).mkdir()
    for number in range(300):
        add(tmp_path, number)
    return tmp_path


def add(root: Path, number: int, saved: str = "2 days") -> None:
    use = RecordedUse(
        f"{number:08x}", f"2026-0{number % 3 + 1}-01", f"lesson {number % 3}", "East", OUTCOMES[number % 2], saved=saved
    )
    with (root / FOLDER / f"{use.date[:7]}.jsonl").open("a", encoding="utf-8") as file:
        file.write(use.as_line)


def tallies(root: Path) -> dict[str, str]:
    """Return what the uses come to, in words, as a program that has just been started says it."""
    found = UsesFile(lambda: root / ".kb" / "uses.json", Ledger(root), PeopleFile(root).now).now()
    return {id_: tally.in_words for id_, tally in found.items()}


COUNTED = {f"lesson {number}": "100 times, helped 50, partly 50, saved 200 days" for number in range(3)}


def edit(root: Path, change: Any) -> None:
    path = root / ".kb" / "uses.json"
    said = json.loads(path.read_text())
    change(said)
    path.write_text(json.dumps(said))


def test_the_file_says_the_same_as_the_ledger(root: Path) -> None:
    assert tallies(root) == tallies(root) == COUNTED


def test_the_ledger_is_not_read_while_it_is_as_it_was(root: Path) -> None:
    tallies(root)
    edit(root, lambda said: said["uses"].update({"lesson 0": [[7, 0, 0], []]}))
    assert tallies(root)["lesson 0"] == "7 times, helped 7"


def test_another_use_another_day_and_who_opts_out_are_seen_at_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tallies(root)
    add(root, 300, "3 Jo Doe")
    assert tallies(root)["lesson 0"] == "101 times, helped 51, partly 50, saved 200 days and 3 jo"
    (root / "people.md").write_text(OPTED_OUT)
    assert tallies(root)["lesson 0"] == "101 times, helped 51, partly 50, saved 200 days"
    with monkeypatch.context() as early:
        early.setattr("kb.reuse.ledger.last_day", lambda: date(2026, 2, 20))
        assert set(tallies(root)) == {"lesson 0", "lesson 1"}
    (root / FOLDER / "2026-02.jsonl").unlink()
    assert set(tallies(root)) == {"lesson 0", "lesson 2"}


@pytest.mark.parametrize(
    "row",
    [
        *(
            [[1, 1], []],
            [[-1, 0, 0], []],
            [[True, 0, 0], []],
            [[1.5, 0, 0], []],
            [["1", 0, 0], []],
            [[2**40, 0, 0], []],
        ),
        *([[1, 0, 0], 5], [[1, 0, 0], [[1]]], [[1, 0, 0], [["1", "day"]]], [[1, 0, 0], [[1, 5]]], [[1, 0, 0]], 5, None),
        [[1, 0, 0], [[float("inf"), "day"]]],
    ],
    ids=json.dumps,
)
def test_a_value_of_another_form_makes_the_file_an_absent_one(root: Path, row: Any) -> None:
    tallies(root)
    edit(root, lambda said: said["uses"].update({"lesson 0": row}))
    assert tallies(root) == COUNTED


@pytest.mark.parametrize("text", ["", "{", "[]", "5", "{}", '{"state": "", "uses": {}}', "[" * 100_000, "\0" * 10])
def test_a_damaged_file_is_an_absent_one_and_is_replaced(root: Path, text: str) -> None:
    (root / ".kb" / "uses.json").write_text(text)
    assert tallies(root) == COUNTED
    assert set(json.loads((root / ".kb" / "uses.json").read_text())) == {"state", "uses"}


def test_a_link_in_the_place_of_the_file_is_replaced_not_followed(root: Path) -> None:
    (root / "private").write_text("mine")
    (root / ".kb" / "uses.json").symlink_to(root / "private")
    assert tallies(root) == COUNTED
    assert (root / "private").read_text() == "mine"
    assert not (root / ".kb" / "uses.json").is_symlink()


def test_where_nothing_can_be_written_the_uses_are_counted_each_time(root: Path) -> None:
    (root / ".kb").rmdir()
    assert tallies(root) == tallies(root) == COUNTED


def test_no_file_is_written_for_a_few_uses(tmp_path: Path) -> None:
    for name in (FOLDER, ".kb"):
        (tmp_path / name).mkdir()
    assert tallies(tmp_path) == {}
    add(tmp_path, 0)
    assert tallies(tmp_path) == {"lesson 0": "1 time, helped 1, saved 2 days"}
    assert not (tmp_path / ".kb" / "uses.json").exists()


def test_tallies_are_added_up() -> None:
    some = Tally(2, {HELPED: 1, PARTLY: 0, NOT: 1}, ())
    assert some.plus(some).in_words == "4 times, helped 2, did not help 2"
