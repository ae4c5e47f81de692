"""`kb show 2`: what the last search in a terminal showed, by its number."""

from __future__ import annotations

import json
import os
import shlex
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from kb.system import last_hits as module
from kb.system.last_hits import LastHit, last_hits, remember_hits
from kb.system.user_cache import state_folder
from tests.conftest import Make, Outcome, Run, write
from tests.permissions import denied

LESSONS: dict[str, str | bytes] = {
    "labels.md": "---\nid: wrong-labels\n---\n# Labels\n\n## Problem\n\nParcels came back with a wrong label.\n",
    "presses.md": "# Presses\n\nAn old press, no spare parts.\n",
    "printer.md": "# Printer\n\n## Tools\n\nA printer for a wrong label, wrong labels and wrong paper.\n",
}


@pytest.fixture
def base(indexed: Make) -> Path:
    return indexed(LESSONS)


def search(kb: Run, base: Path, *query: str) -> list[LastHit]:
    """Search, and return what was shown."""
    found = kb(base, "search", "--mode", "lexical", "--all", "--json", *query)
    return [LastHit(hit["id"], hit["line"]) for hit in json.loads(found.out)["hits"]]


def shown(done: Outcome) -> str:
    assert (done.code, done.err) == (0, "")
    return done.out


def test_a_hit_is_shown_by_its_number(base: Path, kb: Run) -> None:
    first, second = search(kb, base, "wrong label")
    assert shown(kb(base, "show", "2")) == shown(kb(base, "show", second.id))
    assert shown(kb(base, "show", "1")) == shown(kb(base, "show", first.id))
    assert [hit.id for hit in search(kb, base, "press")] == ["presses"]
    assert shown(kb(base, "show", "1")).startswith("# Presses\n")
    assert kb(base, "show", "2").err == "kb: there is no hit 2: the last search in this terminal showed 1 lesson\n"


def test_so_it_is_after_an_answer_for_people(base: Path, kb: Run) -> None:
    title = kb(base, "search", "--mode", "lexical", "wrong label").out.splitlines()[0].removeprefix("1. ")
    assert shown(kb(base, "show", "1")).startswith(f"# {title}\n")


def test_cases_like_a_hit_are_found_by_its_number_and_are_hits_then(base: Path, kb: Run) -> None:
    _, second = search(kb, base, "wrong label")
    found = json.loads(kb(base, "similar", "--json", "2").out)["hits"]
    assert second.id not in {hit["id"] for hit in found}
    assert json.loads(kb(base, "show", "--json", "1").out)["id"] == found[0]["id"]


def test_without_a_search_before_there_is_no_hit(base: Path, kb: Run) -> None:
    said = "nothing was searched for here in this terminal; run `kb search` first, or name a lesson by its id"
    assert kb(base, "show", "2") == Outcome(2, "", f"kb: there is no hit 2: {said}\n")


def test_a_search_that_shows_nothing_leaves_no_hit(base: Path, kb: Run) -> None:
    search(kb, base, "wrong label")
    assert kb(base, "search", "--where", "id=nobody").code == 1
    assert kb(base, "show", "1").err == "kb: there is no hit 1: the last search in this terminal showed 0 lessons\n"


def test_a_search_that_is_refused_changes_nothing(base: Path, kb: Run) -> None:
    first, _ = search(kb, base, "wrong label")
    assert kb(base, "search", "?").code == 2
    assert shown(kb(base, "show", "1")) == shown(kb(base, "show", first.id))


def test_a_hit_is_the_same_lesson_after_the_index_has_changed(base: Path, kb: Run) -> None:
    number = [hit.id for hit in search(kb, base, "wrong label")].index("wrong-labels") + 1
    (base / "lessons" / "labels.md").rename(base / "lessons" / "moved.md")
    write(base, "another.md", "# Another\n\nA wrong label, a wrong label, a wrong label.\n")
    assert kb(base, "reindex").code == 0
    assert shown(kb(base, "show", str(number))) == shown(kb(base, "show", "lessons/moved.md"))


def test_a_hit_that_is_gone_or_was_moved_is_said_in_one_line(base: Path, kb: Run) -> None:
    search(kb, base, "press")
    (base / "lessons" / "presses.md").rename(base / "lessons" / "moved.md")
    assert kb(base, "reindex").code == 0
    said = "kb: hit 1 was presses, which is gone from the index or was moved; search again\n"
    assert kb(base, "show", "1") == Outcome(2, "", said)


def test_an_id_wins_over_a_number(base: Path, kb: Run) -> None:
    write(base, "2.md", "# The lesson two\n")
    assert kb(base, "reindex").code == 0
    first, _ = search(kb, base, "wrong label")
    assert shown(kb(base, "show", "2")) == "# The lesson two\n"
    assert shown(kb(base, "show", "1")) == shown(kb(base, "show", first.id))


def in_a_terminal(kb_process: Callable[..., list[str]], base: Path, *commands: list[str]) -> subprocess.Popen[str]:
    """Start a shell that leads a session of its own, as each terminal's does; a line of input ends each command."""
    lines = [f"{shlex.join(kb_process('--root', str(base), *command))}; read line" for command in commands]
    script = "\n".join(lines)
    pipe = subprocess.PIPE
    return subprocess.Popen(
        ["sh", "-c", script], stdin=pipe, stdout=pipe, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )


def test_two_terminals_have_each_their_own_hits(base: Path, kb_process: Callable[..., list[str]]) -> None:
    ask = ["search", "--mode", "lexical", "--all", "--limit", "1"]
    one = in_a_terminal(kb_process, base, [*ask, "press"], ["show", "1"])
    other = in_a_terminal(kb_process, base, [*ask, "printer"], ["show", "1"])
    for terminal, title in ((one, "Presses"), (other, "Printer")):  # both have searched before one of them shows
        assert terminal.stdout
        assert terminal.stdout.readline() == f"1. {title}\n"
    for terminal, title in ((one, "Presses"), (other, "Printer")):
        out, _ = terminal.communicate("\n\n", timeout=60)
        assert f"# {title}\n" in out


def test_two_knowledge_bases_have_each_their_own_hits(base: Path, make: Make, kb: Run) -> None:
    other = make({"other.md": "# Other\n\nA wrong label.\n"}, name="other")
    assert kb(other, "reindex").code == 0
    search(kb, base, "press")
    search(kb, other, "wrong label")
    assert shown(kb(base, "show", "1")).startswith("# Presses\n")
    assert shown(kb(other, "show", "1")).startswith("# Other\n")


# What is kept, and what stands in its way


def state_file(kb: Run, base: Path) -> Path:
    """Search for what the lesson on presses has, and return what is kept of that."""
    search(kb, base, "press")
    (file,) = (state_folder() / "terminals").iterdir()
    return file


def test_only_ids_and_lines_are_kept_for_the_users_own_eyes(base: Path, kb: Run) -> None:
    file = state_file(kb, base)
    assert json.loads(file.read_text()) == [["presses", 1]]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert "press" not in file.name


@pytest.mark.parametrize(
    "damage",
    [
        "",
        "nonsense",
        "[[1, 2]]",
        '[["wrong-labels"]]',
        '[["wrong-labels", "6"]]',
        '{"a": 1}',
        "[1]",
        "7",
        "null",
        "[" * 100_000,
        "\ud800",
    ],
)
def test_a_damaged_file_is_none(base: Path, kb: Run, damage: str) -> None:
    file = state_file(kb, base)
    file.write_bytes(damage.encode("utf-8", "surrogatepass"))
    assert kb(base, "show", "1").err.startswith("kb: there is no hit 1: nothing was searched for here")
    search(kb, base, "press")
    assert shown(kb(base, "show", "1")).startswith("# Presses\n")


def test_a_link_in_its_place_is_not_read_and_its_target_stays(base: Path, kb: Run, tmp_path: Path) -> None:
    file = state_file(kb, base)
    target = tmp_path / "target"
    target.write_text('[["printer", 1]]')
    file.unlink()
    file.symlink_to(target)
    assert kb(base, "show", "1").err.startswith("kb: there is no hit 1: nothing was searched for here")
    search(kb, base, "press")
    assert (target.read_text(), file.is_symlink()) == ('[["printer", 1]]', False)
    assert shown(kb(base, "show", "1")).startswith("# Presses\n")


def test_a_pipe_or_a_folder_in_its_place_stops_nobody(base: Path, kb: Run) -> None:
    file = state_file(kb, base)
    file.unlink()
    os.mkfifo(file)
    assert kb(base, "show", "1").err.startswith("kb: there is no hit 1: nothing was searched for here")
    file.unlink()
    (file / "full").mkdir(parents=True)
    done = kb(base, "search", "--mode", "lexical", "wrong label")
    assert (done.code, done.err) == (0, "")
    assert kb(base, "show", "1").code == 2


def test_where_nothing_can_be_kept_the_search_is_as_always(base: Path, kb: Run) -> None:
    folder = state_file(kb, base).parent
    usual = kb(base, "search", "--mode", "lexical", "wrong label")
    with denied(folder):
        assert kb(base, "search", "--mode", "lexical", "wrong label") == usual
        assert kb(base, "show", "1").code == 2
    folder.rename(folder.with_name("aside"))
    folder.write_text("a file where the folder was")
    assert kb(base, "search", "--mode", "lexical", "wrong label") == usual


def test_it_is_kept_although_nobody_reads_the_answer_to_its_end(
    base: Path, kb_process: Callable[..., list[str]]
) -> None:
    command = kb_process("--root", str(base), "search", "--mode", "lexical", "wrong label")
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as broken:
        assert subprocess.run(command, stdout=broken, check=False).returncode == 0
    assert {hit.id for hit in last_hits(base) or ()} == {"printer", "wrong-labels"}


def test_files_of_many_terminals_do_not_pile_up(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_FILES", 4)
    folder = state_folder() / "terminals"
    for number in range(9):
        remember_hits(base / str(number), [LastHit("x", number)])
        for path in folder.iterdir():
            os.utime(path, (min(path.stat().st_mtime, number),) * 2)
    assert 2 <= len(list(folder.iterdir())) <= 4
    assert last_hits(base / "8") == (LastHit("x", 8),)
