"""`kb impact` at the command line, and the filter by evidence."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from search.errors import QueryError
from search.query.filters import parse_condition
from tests.conftest import Make, Run

PRE_POST = "{area: cycle-time, metric: lead time, before: 12, after: 7, unit: days, design: pre-post}"
LESSONS: dict[str, str | bytes] = {
    "a.md": "---\ntitle: Labels\ndate: 2019\ntags: [shipping]\nimpact:\n  - note: nobody counted\n"
    f"  - {PRE_POST}\n---\n# A\n",
    "b.md": "---\ntitle: Costs\nimpact: [{area: cost, metric: costs, change: -500000, unit: USD}]\n---\n# B\n",
    "c.md": "---\ntitle: Claimed\nevidence: A, as the auditors say\nimpact: [{metric: sales, change: up}]\n---\n# C\n",
    "d.md": "---\ntitle: None\n---\n# D\n",
    "e.md": "---\ntitle: Experiment\nimpact:\n  - {area: cost, metric: errors, before: 4, after: 2, n: 50,\n"
    "     design: natural-field-experiment, compared_with: Turin, control: {before: 4, after: 4}}\n---\n# E\n",
}


@pytest.fixture
def base(indexed: Make) -> Path:
    return indexed(LESSONS)


def test_it_says_what_was_gained_how_well_that_is_shown_and_where(
    base: Path, kb: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    done = kb(base, "impact")
    assert (done.code, done.err) == (0, "")
    assert max(map(len, done.out.splitlines())) <= 80
    assert done.out.startswith(
        "5 lessons: 3 with a measured impact, 1 with an impact but no figure, 1 without\nan impact\n"
    )
    assert "in money: +500,000 USD, period not stated (1 entry), none of it shown" in done.out.replace("\n   ", " ")
    measured = done.out.partition("\nmeasured")[2].partition("\nnot measured")[0]
    assert [line.strip() for line in measured.splitlines() if "lessons/" in line] == [
        "e  lessons/e.md:4",
        "a  lessons/a.md:7",
        "b  lessons/b.md:3",
    ]
    assert "evidence B, good: against a matched unit without it" in measured
    assert "nobody counted" in done.out.partition("\nnot measured")[2]


def test_conditions_restrict_it_and_a_program_gets_json(base: Path, kb: Run) -> None:
    done = kb(base, "impact", "--json", "--by", "year", "tag:shipping")
    found = json.loads(done.out)
    assert (done.code, found["lessons"], found["by"]) == (0, 1, "year")
    assert [group["name"] for group in found["groups"]] == ["2019"]
    assert [(entry["id"], entry["line"], entry["change"]) for entry in found["entries"]] == [("a", 7, -5)]
    assert [entry["note"] for entry in found["not_measured"]] == ["nobody counted"]


def test_a_spreadsheet_gets_a_row_for_each_entry(base: Path, kb: Run) -> None:
    rows = [*csv.DictReader(io.StringIO(kb(base, "impact", "--csv").out))]
    assert [(row["id"], row["grade"]) for row in rows] == [("e", "B"), ("a", "C"), ("b", "E"), ("a", ""), ("c", "")]


def test_the_page_is_written_whole(base: Path, kb: Run, tmp_path: Path) -> None:
    out = tmp_path / "impact.html"
    done = kb(base, "impact", "--html", "--out", str(out))
    assert (done.code, done.out, done.err) == (0, "", f"kb: written to {out}\n")
    assert out.read_text("utf-8") == kb(base, "impact", "--html").out


def test_the_page_follows_no_link_of_a_clone_and_replaces_only_files(base: Path, kb: Run, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("mine")
    (base / "impact.html").symlink_to(secret)
    done = kb(base, "impact", "--html", "--out", str(base / "impact.html"))
    assert done.code == 2
    assert "which is not followed" in done.err
    assert secret.read_text() == "mine"
    os.mkfifo(base / "pipe")
    done = kb(base, "impact", "--html", "--out", str(base / "pipe"))
    assert (done.code, "not a plain file" in done.err) == (3, True)
    lesson = next((base / "lessons").glob("*.md"))
    before = lesson.read_text()
    done = kb(base, "impact", "--csv", "--out", str(lesson))
    assert (done.code, "would be a lesson" in done.err) == (2, True)
    assert lesson.read_text() == before
    for nothing in ("-", ""):
        done = kb(base, "impact", "--html", "--out", nothing)
        assert (done.code, "names no file" in done.err) == (2, True)
    done = kb(base, "impact", "--out", str(base / "x"))
    assert (done.code, "--out needs --html" in done.err) == (2, True)


@pytest.mark.parametrize(
    ("condition", "listed"),
    [
        ("evidence:>=B", "e"),
        ("evidence:>=c", "ae"),
        ("evidence:<C", "b"),
        ("evidence:A", ""),
        ("evidence:B|E", "be"),
        ("evidence:E..C", "ab"),
        ("evidence:C..", "ae"),
        ("-evidence:>=E", "cd"),
        ("has:evidence", "abe"),
    ],
)
def test_lessons_are_filtered_by_their_grade(base: Path, kb: Run, condition: str, listed: str) -> None:
    done = kb(base, "list", "--json", condition)
    assert "".join(sorted(lesson["id"] for lesson in json.loads(done.out))) == listed
    found = kb(base, "search", "--mode", "lexical", "--all", "--json", f"a b c d e labels costs {condition}")
    assert {hit["id"] for hit in json.loads(found.out)["hits"]} <= set(listed)


def test_a_grade_that_a_lesson_gives_itself_does_not_count(base: Path, kb: Run) -> None:
    assert kb(base, "list", "evidence:A").out == ""
    assert kb(base, "list", "--where", "evidence>=D").out.count("\n") == 2


@pytest.mark.parametrize("value", ["good", ">=", ">=F", "A..Z", "5"])
def test_another_word_than_a_grade_is_an_error_that_names_them(base: Path, kb: Run, value: str) -> None:
    done = kb(base, "list", f"evidence:{value}")
    assert done.code == 2
    assert "is none of E, D, C, B, A (weakest first); write evidence:>=C" in done.err


def test_a_scale_belongs_to_the_caller() -> None:
    with pytest.raises(QueryError, match="neither a number nor a date"):
        parse_condition("evidence", ">=B")
    found = parse_condition("size", ">=m", scales={"size": "SML"})
    assert [alternative.text for alternative in found.alternatives] == ["M", "L"]


def test_results_have_the_evidence_as_json(base: Path, kb: Run) -> None:
    shown = {"grade": "C", "words": "fair: measured before and after"}
    assert json.loads(kb(base, "show", "a", "--json").out)["evidence"] == shown
    hits = json.loads(kb(base, "search", "--mode", "lexical", "--all", "--json", "labels").out)["hits"]
    assert next(hit for hit in hits if hit["id"] == "a")["evidence"] == shown


@pytest.mark.parametrize("files", [{}, {"a.md": "# Labels\n\nParcels come back.\n"}], ids=["empty", "one lesson"])
def test_a_library_without_impact_says_so(indexed: Make, kb: Run, files: dict[str, str | bytes]) -> None:
    root = indexed(files)
    done = kb(root, "impact")
    assert done.code == 0
    assert re.match(r"[01] lessons?: 0 with a measured impact", done.out)
    assert kb(root, "impact", "tag:none").code == 1
    assert json.loads(kb(root, "impact", "--json").out)["entries"] == []
    assert "0 with a measured impact" in kb(root, "impact", "--html").out


def test_a_line_of_a_lesson_drives_no_terminal(indexed: Make, kb: Run) -> None:
    root = indexed(
        {"a.md": '---\ntitle: "A"\nimpact: [{metric: "\\e[31m<b>\\u202e", before: 1, after: 2}]\n---\n# A\n'}
    )
    for form in ((), ("--json",), ("--csv",), ("--html",)):
        assert not re.search("[\x1b\u202e]", kb(root, "impact", *form).out), form


def test_the_configuration_of_a_plot_library_in_a_clone_is_not_read(
    base: Path, kb_process: Callable[..., list[str]]
) -> None:
    os.mkfifo(base / "matplotlibrc")
    command = kb_process("--root", str(base), "impact", "--html")
    done = subprocess.run(command, cwd=base, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.count("<img") == 3


def test_superseded_lessons_count_only_if_a_condition_names_the_status(indexed: Make, kb: Run) -> None:
    root = indexed(
        {
            f"{status}.md": f"---\ntitle: Labels\nstatus: {status}\nimpact: [{PRE_POST}]\n---\n# A\n"
            for status in ("superseded", "validated", "draft")
        }
    )

    def shown(*conditions: str) -> set[str]:
        return {entry["id"] for entry in json.loads(kb(root, "impact", "--json", *conditions).out)["entries"]}

    assert "left out: 1 superseded; to see them add status:superseded|retired" in kb(root, "impact").err
    assert "1 entry from drafts" in kb(root, "impact").err
    assert shown() == {"validated", "draft"}
    assert shown("status:superseded") == {"superseded"}
    assert shown("--where", "status=superseded|draft") == {"superseded", "draft"}
    assert shown("-status:draft") == {"validated"}
