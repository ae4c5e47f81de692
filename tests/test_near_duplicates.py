"""`kb near-duplicates`: lessons to merge, and what each has that the others have not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kb.alike.closeness import know_each_other
from kb.knowledge_base import KnowledgeBase
from kb.reindex.reindex import Orders
from tests.conftest import Make, Run
from tests.html_page import HOSTILE
from tests.invented import lessons

SAME = "## Problem\n\nEvery parcel came back because the label printer kept the address of the order before.\n"
LESSONS: dict[str, str | bytes] = {
    "a.md": "---\ntitle: Labels\ndate: 2020\npeople: [{name: Jun Sato}, {name: Ann Lee}]\n"
    f"impact: [{{area: cost, metric: returns, before: 9, after: 4, unit: days}}]\n---\n{SAME}",
    "b.md": f"---\ntitle: Labels again\npeople: [{{name: Ann Lee}}]\n---\n{SAME}\n"
    "## Tools\n\nA checklist of four lines hangs beside the printer.\n",
    **lessons(8),
}


@pytest.fixture
def base(indexed: Make) -> Path:
    return indexed(LESSONS)


def test_it_shows_what_only_one_of_two_has(base: Path, kb: Run) -> None:
    done = kb(base, "near-duplicates", "--least", "0.9", "--json")
    (group,) = [group for group in json.loads(done.out)["groups"] if group["lessons"][0]["id"] == "a"]
    first, second = group["lessons"]
    assert group["closeness"] > 0.9
    assert [first["id"], second["id"]] == ["a", "b"]
    assert first["only_here"] == {
        "sections": [],
        "impact": ["returns down from 9 to 4 days"],
        "people": ["Jun Sato"],
        "tools": [],
        "sentences": [],
    }
    assert second["only_here"] == {
        "sections": ["tool"],
        "impact": [],
        "people": [],
        "tools": ["A checklist of four lines hangs beside the printer."],
        "sentences": [],
    }


def test_a_person_reads_it_in_a_few_lines(base: Path, kb: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    done = kb(base, "near-duplicates", "--least", "0.9", "-n", "1")
    assert done.code == 0
    assert max(map(len, done.out.splitlines())) <= 80
    assert done.out.startswith("1. 2 lessons, closeness 0.9") or done.out.startswith("1. 2 lessons, closeness 1.00")
    assert "a: Labels (2020)" in done.out
    assert "only here: impact: returns down from 9 to 4 days; people: Jun Sato" in done.out
    assert "- A checklist of four lines hangs beside the printer." in done.out
    assert "kb supersede OLD NEW" in done.err


@pytest.mark.parametrize("front", ["related: [b]", "supersedes: [b]", "status: retired", "reused: [{lesson: b}]"])
def test_lessons_that_know_each_other_or_are_not_current_are_not_shown(indexed: Make, kb: Run, front: str) -> None:
    base = indexed({"a.md": f"---\n{front}\n---\n{SAME}", "b.md": SAME})
    done = kb(base, "near-duplicates")
    assert (done.code, done.out) == (0, "")
    assert ("nothing to compare" if "retired" in front else "have a closeness of 0.85") in done.err


def test_equal_lessons_are_one_group_in_which_none_has_anything_of_its_own(indexed: Make, kb: Run) -> None:
    base = indexed({f"{number}.md": f"---\ntitle: Labels\n---\n{SAME}" for number in range(4)})
    (group,) = json.loads(kb(base, "near-duplicates", "--json").out)["groups"]
    assert [lesson["id"] for lesson in group["lessons"]] == ["0", "1", "2", "3"]
    assert group["closeness"] == 1
    assert not any(value for lesson in group["lessons"] for value in lesson["only_here"].values())
    assert kb(base, "near-duplicates").out.count("they say the same: keep one") == 1


@pytest.mark.parametrize("files", [{}, {"a.md": SAME}, {"a.md": "", "b.md": ""}])
def test_a_library_with_nothing_to_compare_has_none(indexed: Make, kb: Run, files: dict[str, str | bytes]) -> None:
    done = kb(indexed(files), "near-duplicates", "--least", "1")
    assert (done.code, done.out) == (0, "")
    assert ("nothing to compare" if len(files) < 2 else "see --least") in done.err


def test_an_index_of_words_is_not_enough(make: Make, kb: Run) -> None:
    base = make(LESSONS)
    assert KnowledgeBase(base).reindex(Orders(words_only=True)).published
    done = kb(base, "near-duplicates")
    assert (done.code, done.out) == (5, "")
    assert done.err == "kb: near-duplicates are found by meaning, which is not indexed yet; run `kb reindex`\n"


def test_what_lessons_say_cannot_drive_a_terminal(indexed: Make, kb: Run) -> None:
    title = json.dumps(HOSTILE)
    base = indexed({f"{name}.md": f"---\ntitle: {title}\n---\n{SAME}{HOSTILE} {name}\n" for name in "ab"})
    done = kb(base, "near-duplicates")
    assert "\x1b" not in done.out
    assert "\u202e" not in done.out
    assert "2 lessons" in done.out


@pytest.mark.parametrize("least", ["0.4", "1.1", "much"])
def test_a_closeness_that_is_none_is_refused(base: Path, kb: Run, least: str) -> None:
    assert kb(base, "near-duplicates", "--least", least).code == 2


def test_naming_counts_in_both_directions(base: Path) -> None:
    one, other = (KnowledgeBase(base).find(name)[0] for name in ("a", "b"))
    assert not know_each_other(one, other)
    naming = one._replace(metadata={"related": ["b"]})
    assert know_each_other(naming, other)
    assert know_each_other(other, naming)
