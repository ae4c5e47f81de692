"""`kb weekly`: one page of what came in and what is to be done, and what of it is for others."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Make, Run, write
from tests.demand.test_gaps import ask
from tests.git import commit, git
from tests.html_page import HOSTILE, check_harmless

SAME = "## Problem\n\nEvery parcel came back because the label printer kept the address of the order before.\n"
DUE = "---\ntitle: Lids\nreview_by: 2020-01\npeople: [{name: Ana Ruiz, contact: ana@example.org}]\n---\n"
LESSONS: dict[str, str | bytes] = {
    "a.md": f"---\ntitle: Labels\n---\n{SAME}",
    "b.md": f"---\ntitle: Labels again\n---\n{SAME}\n## Tools\n\nA checklist hangs beside the printer.\n",
    "lids.md": f"{DUE}## Problem\n\nThe lids of our jars are loose.\n",
}
RECORD = "[demand]\nrecord = true\n"
SHARED = [
    "<!-- kb gaps --share writes everything below this line -->",
    *(f"- {who * 8} 2026-11-01T00:00:00Z asked 2 unit - near a meaning - words printers,jam" for who in "abc"),
    *(f"- {who * 8} 2026-11-01T00:00:00Z asked 9 unit - near lids meaning - words salary" for who in "ab"),
]


@pytest.fixture
def base(indexed: Make) -> Path:
    root = indexed(LESSONS, RECORD)
    git(root, "init", "-q")
    commit(root)
    return root


def sections(text: str) -> dict[str, str]:
    """Return the text below each heading."""
    return {part.partition("\n")[0]: part for part in text.split("\n## ")[1:]}


def test_it_joins_what_came_in_and_what_is_to_be_done(base: Path, kb: Run) -> None:
    for text in ("zebras in the yard", "zebras graze in the yard"):
        ask(base, text)
    done = kb(base, "weekly")
    found = sections(done.out)
    assert done.code == 0
    assert list(found) == ["New", "To review", "To write", "To merge", "Where the library is thin"]
    assert done.out.splitlines()[2] == "3 new; 1 lesson to look at again; 1 unmet need; 1 group to merge; 1 thin topic"
    assert "owner: Ana Ruiz, ana@example.org\n  - `kb review lids --until 2" in found["To review"]
    assert "zebras graze in the yard" in found["To write"] or "zebras in the yard" in found["To write"]
    assert found["To write"].rstrip().endswith("`kb new --for 1`")
    assert "b: Labels again" in found["To merge"]
    assert kb(base, "new", "--for", "1", "--no-edit").code == 0, "the numbers are those of `kb gaps`"


@pytest.mark.parametrize("form", ["--json", "--html", "--out"])
def test_a_page_for_others_has_no_question_that_only_one_person_asked(
    base: Path, kb: Run, tmp_path: Path, form: str
) -> None:
    (base / "gaps.md").write_text("\n".join(SHARED), "utf-8")
    for text in ("zebras in the yard", "a zebra is in the yard", "zebras", "yard"):
        ask(base, text, "lids")
    own = kb(base, "weekly").out
    assert "zebra" in sections(own)["To write"]
    assert "zebra" in sections(own)["To review"], "they come near to a lesson that none found"
    done = kb(base, "weekly", form, *([str(tmp_path / "page.md")] if form == "--out" else []))
    text = (tmp_path / "page.md").read_text("utf-8") if form == "--out" else done.out
    assert "jam, printers" in text
    assert "zebra" not in text
    assert "salary" not in text


def test_what_nobody_can_know_is_said(indexed: Make, kb: Run) -> None:
    done = kb(indexed({"a.md": "# A\n"}), "weekly")
    assert done.code == 0
    assert "not in a git repository" in " ".join(done.out.split())
    assert done.out.splitlines()[2] == "nothing to do"


def test_a_section_has_its_first_entries_and_the_command_that_lists_all(indexed: Make, kb: Run) -> None:
    root = indexed({f"{number}.md": f"{DUE}## Problem\n\nNumber {number}.\n" for number in range(10)})
    found = sections(kb(root, "weekly").out)["To review"]
    assert found.count("`kb review ") == 7
    assert found.rstrip().endswith("and 3 more: `kb stale`")


def test_a_hostile_lesson_does_nothing_on_the_page(base: Path, kb: Run) -> None:
    write(base, "x.md", f"---\ntitle: {json.dumps(HOSTILE)}\nreview_by: 2020-01\n---\n# X\n")
    commit(base)
    assert kb(base, "reindex").code == 0
    check_harmless(kb(base, "weekly", "--html").out)


def test_since_a_time_that_nobody_can_read_is_an_error(base: Path, kb: Run) -> None:
    done = kb(base, "weekly", "--since", "the day of the zebra")
    assert (done.code, done.out) == (2, "")


def test_the_report_of_the_nightly_job_names_the_page(base: Path, kb: Run) -> None:
    assert "`kb weekly`" in kb(base, "reindex", "--report", "-").out
