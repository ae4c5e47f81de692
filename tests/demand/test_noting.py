"""What is noted of a question, when, and that an answer never depends on it."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from kb.demand.noting.database import VERSION
from kb.demand.noting.place import demand_folder
from tests.conftest import Make, Outcome, Run
from tests.permissions import denied

LESSONS: dict[str, str | bytes] = {
    "labels.md": "---\nid: wrong-labels\n---\n# Labels\n\nParcels came back with a wrong label.\n",
    "presses.md": "# Presses\n\nAn old press, no spare parts.\n",
}
TOLD = "kb: from now on, what you ask here is noted, on this machine only, to find what the library lacks; "
RECORD = "[demand]\nrecord = true\n"


@pytest.fixture
def base(indexed: Make) -> Path:
    return indexed(LESSONS, RECORD)


def log() -> Path:
    return demand_folder() / "demand.sqlite"


def rows(query: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(log())
    found = connection.execute(query).fetchall()
    connection.close()
    return found


def noted() -> list[object]:
    return [
        text for (text,) in rows("SELECT text FROM asking JOIN question ON question.id = question ORDER BY asking.id")
    ]


def state(kb: Run, base: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads(kb(base, "demand", "--json").out)
    return found


def search(kb: Run, base: Path, *words: str) -> Outcome:
    return kb(base, "search", "--mode", "lexical", *words)


def test_nothing_is_noted_unless_it_is_wanted(indexed: Make, kb: Run) -> None:
    base = indexed(LESSONS)
    assert TOLD not in search(kb, base, "wrong label").err
    assert not demand_folder().exists()
    assert state(kb, base)["records"] is False


def test_the_first_question_that_is_noted_says_so_once(base: Path, kb: Run) -> None:
    first, second = search(kb, base, "wrong label"), search(kb, base, "old press")
    assert first.err.endswith(TOLD + "to stop it: kb demand --off\n")
    assert TOLD not in second.err
    assert noted() == ["wrong label", "old press"]


def test_nothing_is_noted_before_it_could_be_said(base: Path, kb: Run) -> None:
    assert kb(base, "-q", "search", "--mode", "lexical", "wrong label").err == ""
    assert noted() == []
    search(kb, base, "old press")
    assert kb(base, "-q", "search", "--mode", "lexical", "wrong label").err == ""
    assert noted() == ["old press", "wrong label"]


def test_what_came_back_is_noted_and_only_the_user_may_read_it(base: Path, kb: Run) -> None:
    search(kb, base, "wrong label")
    search(kb, base, "zebras")
    found = rows("SELECT verdict > 0, lessons, restricted, command FROM asking ORDER BY id")
    assert found == [(1, '["wrong-labels"]', 0, 1), (0, "[]", 0, 1)]
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (demand_folder(), log())}
    assert modes == {"demand": 0o700, "demand.sqlite": 0o600}


def test_the_users_choice_counts_more_than_a_configuration(base: Path, indexed: Make, kb: Run) -> None:
    assert kb(base, "demand", "--off").out.startswith("noting: off (you chose it)\n")
    search(kb, base, "wrong label")
    assert not log().exists()
    other = indexed(LESSONS, name="other")
    assert kb(other, "demand", "--on").out.startswith("noting: on (you chose it)\n")
    assert TOLD not in search(kb, other, "wrong label").err
    assert noted() == ["wrong label"]
    assert kb(base, "demand", "--default").out.startswith("noting: on (kb.toml)\n")


def test_of_a_page_only_its_informative_words_are_noted(base: Path, indexed: Make, kb: Run, tmp_path: Path) -> None:
    page = tmp_path / "mail.txt"
    page.write_text("Dear Ms Miller,\n\nthe parcels are back again. Their label is wrong, on 4711.\n" * 3)
    search(kb, base, "-f", str(page))
    (words,) = noted()
    assert {"parcels", "label"} <= {*str(words).lower().split()}
    assert "4711" not in str(words)
    assert "Miller" not in str(words)
    whole = indexed(LESSONS, RECORD + "text = true\n", name="whole")
    search(kb, whole, "-f", str(page))
    assert "Dear Ms Miller, the parcels are back again." in str(noted()[1])


def test_a_name_in_an_address_of_a_page_is_not_noted(base: Path, kb: Run, tmp_path: Path) -> None:
    page = tmp_path / "mail.txt"
    page.write_text("ask arnold@acme.example\n\nor see https://intranet.example/brown\n\nchen: brochures, Chen knows\n")
    search(kb, base, "-f", str(page))
    (words,) = noted()
    assert {*str(words).split()} & {"ask", "brochures", "knows"}
    assert not {"arnold", "acme", "example", "brown", "chen"} & {*str(words).split()}


def test_brief_and_similar_are_noted_too(base: Path, kb: Run) -> None:
    kb(base, "brief", "wrong label")
    kb(base, "similar", "presses")
    assert rows("SELECT command, text FROM asking JOIN question ON question.id = question ORDER BY asking.id") == [
        (2, "wrong label"),
        (3, "Presses"),
    ]


def test_a_question_of_conditions_alone_is_none(base: Path, kb: Run) -> None:
    search(kb, base, "--kind", "problem")
    assert not log().exists()
    search(kb, base, "wrong label -press")
    assert rows("SELECT restricted FROM asking") == [(1,)]


def test_an_opened_hit_is_marked_and_another_lesson_is_not(base: Path, kb: Run) -> None:
    search(kb, base, "wrong label")
    kb(base, "show", "presses")
    assert rows("SELECT * FROM used") == []
    kb(base, "show", "1")
    assert rows("SELECT asking, lesson, how FROM used") == [(1, "wrong-labels", 1)]
    assert state(kb, base)["used"] == 1


def test_a_lesson_opened_after_other_words_is_credited_to_the_first_ones_too(base: Path, kb: Run) -> None:
    search(kb, base, "label zebras")
    search(kb, base, "wrong label")
    kb(base, "show", "wrong-labels")
    assert rows("SELECT asking, how FROM used ORDER BY asking") == [(1, 3), (2, 1)]
    assert rows("SELECT reworded, follows FROM asking ORDER BY id") == [(1, None), (0, 1)]


def test_the_vector_is_kept_in_bytes_where_there_is_one(base: Path, kb: Run) -> None:
    kb(base, "search", "wrong label")
    search(kb, base, "old press")
    ((model, length), (none, nothing)) = rows("SELECT model, length(vector) FROM question ORDER BY id")
    assert model
    assert isinstance(length, int)
    assert length >= 8
    assert (none, nothing) == ("", None)


def test_forgetting_removes_every_trace_of_this_knowledge_base(base: Path, indexed: Make, kb: Run) -> None:
    other = indexed(LESSONS, RECORD, name="other")
    search(kb, base, "unheard-of zebras")
    search(kb, other, "old press")
    kb(base, "gaps")
    done = kb(base, "demand", "--forget")
    assert done.err == "kb: 1 question of this knowledge base forgotten\n"
    assert noted() == ["old press"]
    traces = [path for path in demand_folder().iterdir() if b"zebras" in path.read_bytes()]
    assert traces == []
    assert state(kb, base)["questions"] == 0
    assert TOLD in search(kb, base, "wrong label").err


def test_forgetting_also_removes_what_was_put_aside_or_left_over(base: Path, kb: Run) -> None:
    search(kb, base, "unheard-of zebras")
    other_tables()
    search(kb, base, "old press")
    (demand_folder() / "queries.jsonl").write_text("zebras")
    (demand_folder() / ".gaps-0.json.kb-00000000").write_text("zebras")
    assert b"zebras" in (demand_folder() / "demand.damaged").read_bytes()
    assert kb(base, "demand", "--forget").code == 0
    assert [path for path in demand_folder().iterdir() if b"zebras" in path.read_bytes()] == []


def test_a_log_of_a_newer_program_is_not_called_forgotten(base: Path, kb: Run) -> None:
    search(kb, base, "wrong label")
    newer()
    done = kb(base, "demand", "--forget")
    assert (done.code, done.out) == (3, "")
    assert "a newer version of kb wrote the log of questions; update kb" in done.err


def test_a_log_that_cannot_be_read_is_forgotten_too(base: Path, kb: Run) -> None:
    search(kb, base, "wrong label")
    damaged()
    assert kb(base, "demand", "--forget").code == 0
    assert [path.name for path in demand_folder().iterdir() if "damaged" in path.name] == []


def test_a_log_with_other_tables_is_put_aside_and_a_new_one_begun(base: Path, kb: Run) -> None:
    search(kb, base, "wrong label")
    other_tables()
    search(kb, base, "wrong label")
    search(kb, base, "old press")
    assert noted() == ["old press"]
    assert "a damaged log was put aside: " in kb(base, "demand").out


def damaged() -> None:
    log().write_bytes(b"no database at all" * 100)


def truncated() -> None:
    log().write_bytes(log().read_bytes()[:5000])


def newer() -> None:
    connection = sqlite3.connect(log())
    connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    connection.close()


def link() -> None:
    target = log().rename(log().with_name("elsewhere"))
    log().symlink_to(target)


def folder() -> None:
    log().unlink()
    log().mkdir()


def pipe() -> None:
    log().unlink()
    os.mkfifo(log())


def empty() -> None:
    log().write_bytes(b"")


def times_of_text() -> None:
    connection = sqlite3.connect(log())
    connection.execute("UPDATE asking SET time = 'noon', used = x'00'")
    connection.commit()
    connection.close()


def other_tables() -> None:
    connection = sqlite3.connect(log())
    connection.execute("DROP TABLE asking")
    connection.close()


@pytest.mark.parametrize("harm", [damaged, truncated, newer, link, folder, pipe, empty, times_of_text, other_tables])
def test_whatever_became_of_the_log_the_answer_is_the_same(base: Path, kb: Run, harm: Callable[[], None]) -> None:
    before = search(kb, base, "wrong label")
    harm()
    after = search(kb, base, "wrong label")
    assert (after.code, after.out) == (before.code, before.out)
    assert "log" not in after.err
    for command in (("demand",), ("gaps",), ("show", "wrong-labels")):
        assert kb(base, *command).code == 0


def test_a_damaged_log_is_put_aside_and_a_new_one_begun(base: Path, kb: Run) -> None:
    search(kb, base, "wrong label")
    damaged()
    search(kb, base, "wrong label")
    search(kb, base, "old press")
    assert noted() == ["old press"]
    assert "a damaged log was put aside: " in kb(base, "demand").out


def test_a_log_of_a_newer_program_is_left_as_it_is(base: Path, kb: Run) -> None:
    search(kb, base, "wrong label")
    newer()
    before = log().read_bytes()
    search(kb, base, "old press")
    assert log().read_bytes() == before
    assert "problem: a newer version of kb wrote the log" in kb(base, "demand").out


def test_a_link_in_the_place_of_the_log_is_not_followed(base: Path, kb: Run, tmp_path: Path) -> None:
    target = tmp_path / "precious"
    target.write_bytes(b"")
    demand_folder().mkdir(parents=True, mode=0o700)
    log().symlink_to(target)
    search(kb, base, "wrong label")
    assert target.read_bytes() == b""
    assert "is a link, or not yours; it is not used" in kb(base, "demand").out


def test_a_hard_link_in_the_place_of_the_log_is_not_written(base: Path, kb: Run, tmp_path: Path) -> None:
    target = tmp_path / "precious"
    target.write_bytes(b"")
    demand_folder().mkdir(parents=True, mode=0o700)
    log().hardlink_to(target)
    search(kb, base, "wrong label")
    assert target.read_bytes() == b""
    assert "is a link, or not yours; it is not used" in kb(base, "demand").out


def test_a_folder_of_the_log_that_is_a_link_is_not_used(base: Path, kb: Run, tmp_path: Path) -> None:
    target = tmp_path / "precious"
    target.mkdir()
    demand_folder().parent.mkdir(parents=True, exist_ok=True)
    demand_folder().symlink_to(target)
    search(kb, base, "wrong label")
    assert list(target.iterdir()) == []
    assert kb(base, "demand", "--on").code == 3


def test_a_folder_that_cannot_be_written_disturbs_no_answer(base: Path, kb: Run) -> None:
    demand_folder().mkdir(parents=True, mode=0o700)
    with denied(demand_folder()):
        found = search(kb, base, "wrong label")
    assert (found.code, TOLD in found.err) == (0, False)
    assert list(demand_folder().iterdir()) == []
