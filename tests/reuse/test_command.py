"""`kb reuse`, and what others show of it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.conftest import Make, Run
from tests.git import git

LABELS = "---\nid: labels\ntitle: Wrong labels\n---\n# Wrong labels\n\n## Problem\nThe labels on our boxes are wrong.\n"
LIDS = "# Loose lids\n\n## Problem\nThe lids of our jars are loose.\n"
PLAN = "---\nid: plan\ntitle: A plan\n---\n# A plan\n\n## Problem\nNobody knows the plan.\n"


@pytest.fixture
def base(indexed: Make, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = indexed({"labels.md": LABELS, "lids.md": LIDS, "plan.md": PLAN})
    monkeypatch.chdir(root)
    return root


def shown(kb: Run, name: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(kb(None, "show", "--json", name).out)
    return found


def test_a_use_in_words_is_in_the_ledger_and_shown_at_once(base: Path, kb: Run) -> None:
    done = kb(None, "reuse", "labels", "--in", "Depot  East,\nMay", "--outcome", "helped", "--saved", "12 days")
    file, attributes = done.out.split()
    assert (done.code, file.startswith("reuse/"), attributes) == (0, True, "reuse/.gitattributes")
    assert done.err == f"kb: labels helped in Depot East, May; commit {file} and {attributes}\n"
    assert shown(kb, "labels")["reuse"] == {
        **{"used": 1, "helped": 1, "partly": 0, "did_not_help": 0},
        **{"saved": [{"amount": 12.0, "unit": "day"}], "words": "1 time, helped 1, saved 12 days"},
    }
    searched = kb(None, "search", "labels on boxes")
    assert "\n   used: 1 time, helped 1, saved 12 days\n" in searched.out
    (hit, *_) = json.loads(kb(None, "search", "--json", "labels on boxes").out)["hits"]
    assert hit["reuse"] == shown(kb, "labels")["reuse"]


def test_a_use_in_a_later_lesson_is_written_there(base: Path, kb: Run) -> None:
    done = kb(None, "reuse", "labels", "--in", "plan", "--outcome", "did-not-help", "--note", "no boxes")
    assert (done.code, done.out) == (0, "lessons/plan.md\n")
    assert done.err == "kb: labels did not help in plan; commit lessons/plan.md\n"
    text = (base / "lessons" / "plan.md").read_text("utf-8")
    assert "reused:\n" in text
    assert text.endswith(PLAN.partition("---\n# ")[2])
    assert shown(kb, "labels")["reused_by"] == [
        {
            **{"lesson": "plan", "title": "A plan", "outcome": "did-not-help", "note": "no boxes"},
            **{"saved": "", "date": "", "by": ""},
        }
    ]


def test_what_a_lesson_says_already_of_a_use_is_replaced(base: Path, kb: Run) -> None:
    for outcome in ("partly", "helped"):
        assert kb(None, "reuse", "labels", "--in", "lessons/plan.md", "--outcome", outcome).code == 0
    assert shown(kb, "labels")["reuse"] == shown(kb, "labels")["reuse"]
    uses = shown(kb, "plan")["metadata"]
    assert isinstance(uses, dict)
    assert uses["reused"] == [{"lesson": "labels", "outcome": "helped"}]


def test_uses_stay_with_a_lesson_without_a_written_id_when_its_file_is_moved(base: Path, kb: Run) -> None:
    done = kb(None, "reuse", "lids", "--in", "Depot East", "--outcome", "helped")
    assert done.out.endswith("\nlessons/lids.md\n")
    (base / "lessons" / "deep").mkdir()
    (base / "lessons" / "lids.md").rename(base / "lessons" / "deep" / "jars.md")
    assert kb(None, "reindex").code == 0
    assert shown(kb, "lessons/deep/jars.md")["reuse"] == shown(kb, "lids")["reuse"]
    assert shown(kb, "lids")["reuse"]


@pytest.mark.parametrize("name", ["lids", "plan"])
def test_a_lesson_that_has_become_a_link_is_not_written_through(base: Path, kb: Run, name: str, tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.write_text("private", "utf-8")
    (base / "lessons" / f"{name}.md").unlink()
    (base / "lessons" / f"{name}.md").symlink_to(private)
    used, where = ("lids", "Depot East") if name == "lids" else ("labels", "plan")
    done = kb(None, "reuse", used, "--in", where, "--outcome", "helped")
    assert (done.code, done.out, "a link" in done.err) == (2, "", True)
    assert private.read_text("utf-8") == "private"


def test_an_id_that_was_written_since_the_lesson_was_indexed_stays(base: Path, kb: Run) -> None:
    text = f"---\nid: jars\n---\n{LIDS}"
    (base / "lessons" / "lids.md").write_text(text, "utf-8")
    assert kb(None, "reuse", "lids", "--in", "Depot East", "--outcome", "helped").code == 0
    assert (base / "lessons" / "lids.md").read_text("utf-8") == text


def test_a_hit_can_be_named_by_its_number(base: Path, kb: Run) -> None:
    kb(None, "search", "labels on boxes")
    assert kb(None, "reuse", "1", "--in", "Depot East", "--outcome", "helped").err.startswith("kb: labels helped in")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("gone", "--in", "plan"), "no lesson with the id 'gone'"),
        (("labels", "--in", "labels"), "labels cannot be used in itself; name the later lesson"),
        (("labels", "--in", "plam"), "no lesson with the id 'plam'; nearest: plan"),
        (("labels", "--in", "lessons/none.md"), "'lessons/none.md': no such file, and no lesson with that id"),
        (("labels", "--in", " "), "it is not said where it was used; name the later lesson, or say it in words"),
        (
            ("labels", "--in", "East", "--saved", "a lot"),
            "what it saved, 'a lot', is no amount with a unit; write for instance",
        ),
        (("labels", "--in", "E " * 501 + "E"), "a text has 1,003 characters; at most 1,000 are recorded"),
    ],
)
def test_what_cannot_be_recorded_is_one_line_and_changes_nothing(
    base: Path, kb: Run, arguments: tuple[str, ...], message: str
) -> None:
    done = kb(None, "reuse", *arguments, "--outcome", "helped")
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert message in done.err
    assert not (base / "reuse").exists()
    assert (base / "lessons" / "plan.md").read_text("utf-8") == PLAN


def test_who_used_a_lesson_is_told_when_it_is_retired_or_superseded(indexed: Make, kb: Run) -> None:
    used = "reused: [{lesson: labels, outcome: helped}]\npeople:\n  - {name: Ana, contact: ana@example.org}\n"
    root = indexed({"labels.md": LABELS, "plan.md": PLAN.replace("title:", used + "title:"), "lids.md": LIDS})
    git(root, "init", "-q")
    git(root, "config", "user.name", "Jo Doe")
    git(root, "config", "user.email", "jo@example.org")
    assert kb(root, "reuse", "labels", "--in", "Depot East", "--outcome", "partly").code == 0
    expected = [
        "kb: used in Depot East (partly); tell Jo Doe <jo@example.org>",
        "kb: used in plan (helped); tell Ana, ana@example.org",
    ]
    assert kb(root, "supersede", "labels", "lids").err.splitlines()[1:] == expected
    assert kb(root, "retire", "labels", "--because", "no boxes").err.splitlines()[1:] == expected


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_folder_that_cannot_be_written_is_exit_3(base: Path, kb: Run) -> None:
    base.chmod(0o500)
    done = kb(None, "reuse", "labels", "--in", "Depot East", "--outcome", "helped")
    base.chmod(0o700)
    assert (done.code, done.err.count("\n")) == (3, 1)
