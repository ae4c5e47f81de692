"""The checklist for a branch: real repositories, and what was typed wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kb.hooks.change import Change, words_of
from kb.hooks.problem import problem_of
from tests.conftest import Make, Run
from tests.git import commit, git

pytestmark = pytest.mark.usefixtures("own_git")


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a branch that has a commit of its own."""
    folder = tmp_path / "shop"
    git(tmp_path, "init", "-q", "-b", "main", str(folder))
    (folder / "readme").write_text("x")
    commit(folder, "start")
    git(folder, "switch", "-q", "-c", "work")
    (folder / "one.txt").write_text("x")
    commit(folder, "Dealers send parcels back because the size is wrong")
    monkeypatch.chdir(folder)
    return folder


def test_each_lesson_that_fits_is_one_line_of_advice(shop: Path, kb: Run, library: Path) -> None:
    done = kb(library, "hook", "pre-mortem")
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines() == [
        "Before you merge: did you consider what others learned?",
        "",
        "[ ] Follow ten parcels from the shelf to the lorry, with the packers.",
        "    Packers took the wrong size from the shelf · answers",
        "    ask: Ann Lee, ann@example.org",
        "    lessons/labels.md:17",
    ]


def test_as_markdown_and_as_json(shop: Path, kb: Run, library: Path) -> None:
    assert kb(library, "hook", "pre-mortem", "--md").out.splitlines()[2].startswith("- [ ] Follow ten parcels from the")
    (item,) = json.loads(kb(library, "hook", "pre-mortem", "--json").out)["items"]
    assert (item["id"], item["line"], item["relevance"]) == ("labels", 17, "answers")


def test_what_is_only_staged_counts(shop: Path, kb: Run, library: Path) -> None:
    git(shop, "switch", "-q", "-c", "other", "main")
    done = kb(library, "hook", "pre-mortem")
    assert (done.code, done.err) == (2, "kb: nothing is committed or staged here since main; name another --base\n")
    (shop / "pump_cooling_circuit_pressure_lost_at_night.py").write_text("x")
    git(shop, "add", "--all")
    assert "Measure the pressure of the cooling circuit" in kb(library, "hook", "pre-mortem").out


def test_a_recommendation_comes_before_a_finding_and_what_was_replaced_advises_nothing(
    shop: Path, kb: Run, indexed: Make
) -> None:
    lesson = (
        "---\nid: {id}\nstatus: {status}\n---\n# Parcels of the wrong size {id}\n\n## What we learned\n"
        "Dealers send parcels back because the size is wrong.\n\n## Recommendations\n{advice}\n"
    )
    current = lesson.format(id="new", status="validated", advice="Print the size of the goods on each label.")
    replaced = lesson.format(id="old", status="superseded", advice="Write the size of the goods by hand.")
    done = kb(indexed({"new.md": current, "old.md": replaced}), "hook", "pre-mortem")
    assert [line for line in done.out.splitlines() if line.startswith("[ ]")] == [
        "[ ] Print the size of the goods on each label."
    ]


def test_nothing_fits(shop: Path, kb: Run, library: Path) -> None:
    git(shop, "switch", "-q", "-c", "other", "main")
    (shop / "chromodynamics.py").write_text("x")
    commit(shop, "Lattice of quarks")
    done = kb(library, "hook", "pre-mortem")
    assert (done.code, done.out, done.err) == (1, "", "kb: no lesson is sure to help with this change\n")


@pytest.mark.parametrize("base", ["nowhere", "--output=x", "-x", "main..work", "", "é\n"])
def test_a_base_that_is_none_is_named(shop: Path, kb: Run, library: Path, base: str) -> None:
    done = kb(library, "hook", "pre-mortem", f"--base={base}")
    if base:
        assert done.code == 2
        assert done.err.startswith("kb: git finds no commit that HEAD and")
    assert sorted(path.name for path in shop.iterdir()) == [".git", "one.txt", "readme"]


def test_without_a_repository(kb: Run, library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = kb(library, "hook", "pre-mortem")
    assert (done.code, done.err) == (2, f"kb: {tmp_path} is in no git repository that git can read; run this in one\n")


def test_no_program_that_the_repository_names_is_started(shop: Path, kb: Run, library: Path, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    git(shop, "config", "diff.external", f"touch {ran}")
    git(shop, "config", "core.fsmonitor", f"touch {ran}")
    (shop / ".gitattributes").write_text("* diff=x filter=x\n")
    git(shop, "config", "diff.x.textconv", f"touch {ran};")
    git(shop, "config", "filter.x.clean", f"touch {ran};")
    assert kb(library, "hook", "pre-mortem").code == 0
    assert not ran.exists()


def test_the_words_of_names() -> None:
    names = ["fix/parcel-labels-1234", "src/LabelPrinter.py", "tests/test_label_printer.py"]
    assert words_of(names) == ["parcel", "labels", "label", "printer"]
    assert words_of([f"a{chr(97 + one)}{chr(97 + other)}word" for one in range(26) for other in range(26)])[60:] == []
    assert Change(branch="main", paths=("a.py",)).query == ""


def test_the_problem_of_a_form_is_what_a_person_wrote() -> None:
    form = (
        "### What happens?\n\nA pump leaks.\n\n### By when?\n\n_No response_\n\n<!-- a hint -->\n- [x] I read the rules"
    )
    assert problem_of("Pump", form).split() == ["Pump", "A", "pump", "leaks."]
    assert problem_of("", "<!-- never closed") == ""
