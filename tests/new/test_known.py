"""A draft has all that is known already."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from tests.conftest import Make, Outcome, Run, write
from tests.new.conftest import KNOWN, LABELS, LABELS_FILE, TODAY, only_lesson


def test_a_draft_has_all_that_is_known_and_only_its_path_is_printed(base: Path, kb: Run) -> None:
    done = kb(None, "new", LABELS)
    assert done == Outcome(0, f"{LABELS_FILE}\n", "")
    text = (base / LABELS_FILE).read_text()
    assert text.startswith(f"---\nid: {TODAY}-orders-left-with-the-wrong-label\ntitle: {LABELS}\nsummary: # kb: ")
    assert f"\ndate: {TODAY}\nstatus: draft\n" in text
    person = "people:\n  - name: Jane Doe\n    role: learning-professional\n    contact: jane@example.org\n"
    assert person in text
    assert f"\n# {LABELS}\n\n## Problem\n\n<!-- kb: What went wrong" in text
    assert stat.S_IMODE((base / LABELS_FILE).stat().st_mode) & 0o444


@pytest.mark.parametrize("template", ["lesson", "after-action-review", "post-mortem", "experiment"])
def test_a_fresh_draft_has_no_errors(base: Path, kb: Run, template: str) -> None:
    kb(None, "new", "--template", template, LABELS)
    checked = kb(None, "check")
    assert checked.code == 0, checked
    assert " error: " not in checked.out
    assert " warning: " not in checked.out


def test_words_need_no_quotes_and_a_dash_is_no_option_behind_two(base: Path, kb: Run) -> None:
    kb(None, "new", "--", "-5", "degrees:", "#1", "cause")
    assert 'title: "-5 degrees: #1 cause"' in only_lesson(base).read_text()


def test_a_title_of_300_characters_is_whole_in_the_file(base: Path, kb: Run) -> None:
    title = "wrong label " * 25
    done = kb(None, "new", title)
    assert len(Path(done.out.strip()).name) < 80
    assert f"title: {title.strip()}\n" in only_lesson(base).read_text()


def test_a_lesson_that_is_there_is_never_overwritten(base: Path, kb: Run) -> None:
    write(base, Path(LABELS_FILE).name, "mine")
    assert kb(None, "new", LABELS).out == LABELS_FILE.replace(".md", "-2.md") + "\n"
    assert (base / LABELS_FILE).read_text() == "mine"
    assert f"\nid: {TODAY}-orders-left-with-the-wrong-label-2\n" in (
        "\n" + (base / LABELS_FILE.replace(".md", "-2.md")).read_text()
    )


def test_it_goes_into_the_first_folder_which_is_made(make: Make, base: Path, kb: Run) -> None:
    root = make(config='[corpus]\npaths = ["library/drafts", "lessons"]\n', name="other")
    assert kb(root, "new", LABELS).out == str(root / "library" / "drafts" / Path(LABELS_FILE).name) + "\n"


def test_the_unit_is_that_of_ones_own_last_lesson(base: Path, kb: Run) -> None:
    for number, (unit, name) in enumerate([("South", "Jane Doe"), ("East", "Jane Doe"), ("North", "Ann Roe")]):
        path = write(base, f"{unit}.md", f"---\nunit: {unit}\npeople: [{{name: {name}}}]\n---\nText.\n")
        os.utime(path, (number, number))
    kb(None, "new", LABELS)
    assert "\nunit: East\n" in (base / LABELS_FILE).read_text()


def test_the_unit_of_somebody_else_is_a_proposal(base: Path, kb: Run) -> None:
    write(base, "labels.md", KNOWN["labels.md"])
    kb(None, "new", LABELS)
    assert "\nunit: Warehouse North # kb: proposed, as in lessons/labels.md\n" in (base / LABELS_FILE).read_text()


def test_tags_in_use_that_fit_are_proposed(base: Path, kb: Run) -> None:
    write(base, "labels.md", "---\ntags: [wrong-label, labels, dealers]\n---\nText.\n")
    kb(None, "new", LABELS)
    assert "\ntags: # kb: in use, and may fit: [wrong-label, labels]\n" in (base / LABELS_FILE).read_text()


def test_nothing_is_taken_from_the_example_of_a_new_knowledge_base(base: Path, kb: Run, tmp_path: Path) -> None:
    root = tmp_path / "new"
    kb(None, "init", str(root))
    title = "Shipping: an example of orders in the warehouse"
    drafted = [Path(kb(root, "new", title).out.strip()).read_text()]
    kb(root, "reindex")
    drafted.append(Path(kb(root, "new", title).out.strip()).read_text())
    assert [("North" in text, "[shipping" in text.replace("such as [shipping", "")) for text in drafted] == [
        (False, False)
    ] * 2
    example = root / "lessons" / "example.md"
    example.write_text(example.read_text().replace("An example. Labels", "Labels"))
    kb(root, "reindex")
    assert "unit: Warehouse North\n" in Path(kb(root, "new", title).out.strip()).read_text()


def test_where_there_is_an_index_all_its_lessons_are_asked_for_tags(base: Path, kb: Run) -> None:
    old = write(base, "labels.md", "---\ntags: [labels]\nunit: North\ndate: 2006\n---\nText.\n")
    kb(None, "reindex")
    os.utime(old, (0, 0))
    for number in range(31):
        write(base, f"{number}.md", "---\ndate: 2007\n---\nText.\n")
    kb(None, "new", LABELS)
    assert "\ntags: # kb: in use, and may fit: [labels]\nunit: North # kb: proposed" in (base / LABELS_FILE).read_text()


def test_without_a_name_in_git_that_is_said(base: Path, kb: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GIT_AUTHOR_NAME")
    monkeypatch.delenv("GIT_AUTHOR_EMAIL")
    said = "git does not know who you are (`git config --global user.name`), so nobody is named yet under `people`"
    assert kb(None, "new", LABELS) == Outcome(0, f"{LABELS_FILE}\n", f"kb: {said}\n")
    assert "\npeople: # kb: whom to ask" in (base / LABELS_FILE).read_text()


def test_without_git_that_is_said(base: Path, kb: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(base))
    said = "kb: git is not installed, so nobody is named yet under `people`\n"
    assert kb(None, "new", LABELS) == Outcome(0, f"{LABELS_FILE}\n", said)
    assert kb(None, "-q", "new", LABELS).err == ""
