"""`kb stale`: the list, its order, its forms, and libraries in which nothing is to be done."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Make, Run
from tests.git import git

ANA = "people: [{{name: Ana, contact: ana@example.org}}]"
OLD = f"---\nid: {{0}}\ntitle: {{1}}\nreview_by: 2020-01\n{ANA}\n---\n# {{1}}\n\nText.\n"
FRESH = "---\nid: fresh\ndate: 2026-11\nreview_by: 2999-01\n---\n# Fresh\n\nText.\n"
USED = "---\nid: later\ndate: 2026\nreused: [{lesson: b, outcome: helped}]\n---\n# Later\n\nText.\n"


@pytest.fixture
def base(indexed: Make) -> Path:
    return indexed({"a.md": OLD.format("a", "Lids"), "b.md": OLD.format("b", "Labels"), "f.md": FRESH, "l.md": USED})


def test_each_lesson_has_its_reasons_its_owner_and_a_command_the_most_used_first(base: Path, kb: Run) -> None:
    done = kb(base, "stale")
    assert done.code == 1
    first, second = done.out.split("\n\n")
    command, *rest = reversed(first.splitlines())
    assert command.startswith("   kb review b --until 2")
    assert rest == ["   owner: Ana, ana@example.org", "   review: was to be reviewed by 2020-01", "Labels"]
    assert second.startswith("Lids\n")
    assert (
        done.err
        == "kb: 2 of 4 lessons to look at again: 2 review; the age of 2 lessons is not known, for want of a date\n"
    )


def test_it_can_be_restricted_and_the_number_of_the_others_is_said(base: Path, kb: Run) -> None:
    done = kb(base, "stale", "--limit", "1")
    assert "Lids" not in done.out
    assert "here are the first 1, see --limit" in done.err
    assert json.loads(kb(base, "stale", "id:a", "--json").out)["checked"] == 1
    other = kb(base, "stale", "--only", "dead")
    assert (other.code, other.out) == (0, "")
    assert kb(base, "stale", "nothing:x").code == 2


def test_as_json_all_is_there(base: Path, kb: Run) -> None:
    found = json.loads(kb(base, "stale", "--json").out)
    assert (found["checked"], found["undated"], found["causes"]) == (4, 2, {"review": 2})
    lesson = found["lessons"][0]
    assert (lesson["id"], lesson["used"], lesson["owner"]["name"], lesson["confirmed"]) == ("b", 1, "Ana", None)
    assert lesson["reasons"][0]["cause"] == "review"


def test_as_tasks_for_a_tracker_what_lessons_say_is_no_markup(indexed: Make, kb: Run) -> None:
    root = indexed({"x.md": OLD.format("x", "'[x](http://a) <b>*new*</b>'")})
    first, second, *_ = kb(root, "stale", "--md").out.splitlines()
    assert first == r"- [ ] \[x\](http://a) \<b>\*new\*\</b>, `lessons/x.md` (Ana, ana@example.org)"
    assert second.startswith("  - was to be reviewed by 2020-01: `kb review x --until 2")


def test_who_wrote_a_lesson_owns_it_if_it_names_nobody(indexed: Make, kb: Run) -> None:
    root = indexed({"a.md": "---\nreview_by: 2020-01\n---\n# Lids\n\nText.\n"})
    assert "   owner: nobody is known\n" in kb(root, "stale").out
    git(root, "init", "-q")
    git(root, "add", "lessons")
    git(root, "commit", "-qm", "a")
    kb(root, "reindex")
    assert "   owner: Ann Writer (author), ann@example.com\n" in kb(root, "stale").out
    (root / "people.md").write_text("---\npeople:\n  - {name: Ann Writer, opted_out: true}\n---\n", "utf-8")
    assert "   owner: nobody is known\n" in kb(root, "stale").out


@pytest.mark.parametrize("files", [{}, {"a.md": "# One\n\nText.\n"}])
def test_a_library_with_nothing_or_nothing_old(make: Make, kb: Run, files: dict[str, str | bytes]) -> None:
    root = make(files)
    assert kb(root, "reindex").code == 0
    done = kb(root, "stale")
    assert (done.code, done.out) == (0, "")
    assert ("nothing to look at again" if files else "no lesson was looked through") in done.err
