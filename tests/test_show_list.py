"""`kb show` and `kb list`."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Make, Outcome, Run, write

LABELS = """\
---
id: wrong-labels
title: Orders left with the wrong label
date: 2006-05
status: draft
tags: [shipping]
unit: Warehouse North
people: [{name: Jane Doe, role: contact, contact: jane@example.org}]
impact: [{area: cost, metric: returned parcels a week, change: "-85%", design: pre-post}]
habitat: {where: [plain, 7]}
---
# Orders left with the wrong label

Before the first section.

## Tools

### Checklist

Four *lines*.

## What did not work

A reminder.

## Templates

A card.
"""
BODY = LABELS.split("---\n", 2)[2]
LESSONS: dict[str, str | bytes] = {
    "labels.md": LABELS,
    "plans.md": "---\ndate: 2019\n---\n# Forty plans\n\nForty languages.\n",
    "deep/brochures.md": "---\ndate: 2006-05-01\nstatus: validated\n---\n# Brochures\n\nErrors.\n",
    "undated.md": "# Without a date\n\nNever.\n",
}


@pytest.fixture
def base(indexed: Make) -> Path:
    """An indexed knowledge base of four lessons."""
    return indexed(LESSONS)


# show


def test_a_lesson_is_shown_whole_in_a_pipe_as_it_was_written(base: Path, kb: Run) -> None:
    assert kb(base, "show", "wrong-labels") == Outcome(0, BODY, "")


def test_of_a_lesson_that_is_replaced_that_is_said_besides(base: Path, kb: Run) -> None:
    assert kb(base, "supersede", "wrong-labels", "plans", "--because", "fewer errors").code == 0
    assert kb(base, "reindex").code == 0
    said = "kb: wrong-labels is superseded: replaced by plans: fewer errors\n"
    assert kb(base, "show", "wrong-labels") == Outcome(0, BODY, said)


@pytest.mark.parametrize("asked", ["wrong-labels", "lessons/labels.md"])
def test_a_lesson_is_named_by_its_id_or_its_path(base: Path, kb: Run, asked: str) -> None:
    assert json.loads(kb(base, "show", "--json", asked).out)["path"] == "lessons/labels.md"


def test_blank_lines_between_sections_are_as_many_as_were_written(indexed: Make, kb: Run) -> None:
    body = "# A\n\nLine one.\n## Tools\nLine two.\n\n\n\n### C\nLine three.\n"
    root = indexed({"a.md": f"---\nid: a\n---\n\n{body}\n## Problem\n\nLate.\n"})
    assert kb(root, "show", "a").out == f"{body}\n## Problem\n\nLate.\n"
    below = "## Tools\nLine two.\n\n\n\n### C\nLine three.\n"
    assert kb(root, "show", "a", "--section", "tool").out == below
    assert kb(root, "show", "lessons/a.md:8").out == below


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("tool", "## Tools\n\n\n### Checklist\n\nFour *lines*.\n\n## Templates\n\nA card.\n"),
        ("failure", "## What did not work\n\nA reminder.\n"),
        ("other", "# Orders left with the wrong label\n\nBefore the first section.\n"),
    ],
)
def test_the_sections_of_one_kind_are_shown_alone(base: Path, kb: Run, kind: str, text: str) -> None:
    done = kb(base, "show", "wrong-labels", "--section", kind)
    assert (done.code, done.err) == (0, "")
    assert re.sub(r"\n{3,}", "\n\n", done.out) == re.sub(r"\n{3,}", "\n\n", text)


def test_a_section_that_the_lesson_does_not_have_is_exit_2(base: Path, kb: Run) -> None:
    done = kb(base, "show", "wrong-labels", "--section", "impact")
    assert done == Outcome(2, "", "kb: wrong-labels has no section of the kind impact\n")


def test_a_kind_that_does_not_exist_is_wrong_usage_and_the_kinds_are_named(base: Path, kb: Run) -> None:
    done = kb(base, "show", "wrong-labels", "--section", "toolz")
    assert (done.code, done.out) == (2, "")
    for kind in ("problem", "case", "knowledge", "method", "tool", "failure", "impact", "applicability", "people"):
        assert f"'{kind}'" in done.err
    assert done.err.count("\n") == 1


def test_an_unknown_id_suggests_the_nearest_the_best_first(base: Path, kb: Run) -> None:
    done = kb(base, "show", "wrong-lables")
    assert done == Outcome(2, "", "kb: no lesson with the id 'wrong-lables'; nearest: wrong-labels\n")
    done = kb(base, "show", "brochure-errors")
    assert done == Outcome(2, "", "kb: no lesson with the id 'brochure-errors'; nearest: deep/brochures\n")
    done = kb(base, "show", "qqqq")
    assert done == Outcome(2, "", "kb: no lesson with the id 'qqqq'; `kb list` shows all\n")


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (14, "# Orders left with the wrong label\n\nBefore the first section.\n"),
        (16, "## Tools\n\n### Checklist\n\nFour *lines*.\n"),
        (18, "### Checklist\n\nFour *lines*.\n"),
        (20, "### Checklist\n\nFour *lines*.\n"),
        (24, "## What did not work\n\nA reminder.\n"),
        (28, "## Templates\n\nA card.\n"),
        (3, BODY),
    ],
)
def test_the_section_at_a_line_is_shown_with_what_is_below_it(base: Path, kb: Run, line: int, text: str) -> None:
    done = kb(base, "show", f"lessons/labels.md:{line}")
    assert (done.code, done.err) == (0, "")
    assert re.sub(r"\n{3,}", "\n\n", done.out) == text
    found = json.loads(kb(base, "show", "--json", f"wrong-labels:{line}").out)
    assert found["text"] == done.out.removesuffix("\n")


def test_the_section_is_that_of_the_file_as_it_is_now(base: Path, kb: Run) -> None:
    write(base, "plans.md", "# Forty plans\n\n## One\n\nFirst.\n\n## Two\n\nSecond.\n")
    assert kb(base, "show", "lessons/plans.md:8").out == "## Two\n\nSecond.\n"
    assert kb(base, "show", "lessons/plans.md:1").out.count("#") == 5, "a title with nothing below it has all"


def test_where_the_file_is_gone_the_section_is_the_one_that_was_indexed(base: Path, kb: Run) -> None:
    (base / "lessons" / "labels.md").unlink()
    out = kb(base, "show", "lessons/labels.md:24").out
    assert ("A reminder." in out, "Checklist" in out) == (True, False)


@pytest.mark.parametrize("line", [0, len(LABELS.splitlines()) + 1, 999_999_999])
def test_a_line_that_is_not_there_is_exit_2(base: Path, kb: Run, line: int) -> None:
    done = kb(base, "show", f"lessons/labels.md:{line}")
    assert done == Outcome(2, "", f"kb: lessons/labels.md has no line {line}: it has {len(LABELS.splitlines())}\n")


def test_a_line_and_a_kind_of_section_are_one_too_many(base: Path, kb: Run) -> None:
    done = kb(base, "show", "lessons/labels.md:16", "--section", "tool")
    assert (done.code, done.out, "leave one out" in done.err) == (2, "", True)


def test_a_lesson_is_named_from_the_working_directory_and_by_parts_of_its_name(
    base: Path, kb: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(base / "lessons" / "deep")
    for said in (
        "brochures.md",
        "../deep/brochures.md",
        "brochures.md:7",
        "deep",
        "BROCHÜRES",
        "lessons/deep/brochures.md",
    ):
        assert "# Brochures\n" in kb(None, "show", said).out, said
    said = "kb: 2 lessons fit 'or': wrong-labels, plans; name one of them\n"
    assert kb(None, "show", "or") == Outcome(2, "", said)


def test_as_json_the_whole_front_matter_comes_along(base: Path, kb: Run) -> None:
    done = kb(base, "show", "--json", "wrong-labels")
    assert (done.code, done.out.count("\n"), done.err) == (0, 1, "")
    assert json.loads(done.out) == {
        "id": "wrong-labels",
        "title": "Orders left with the wrong label",
        "path": "lessons/labels.md",
        "evidence": {"grade": "E", "words": "unproven: comparison not given"},
        "ask": {
            "name": "Jane Doe",
            "role": "contact",
            "contact": "jane@example.org",
            "unit": "Warehouse North",
            "stands_in": None,
            "instead_of": None,
        },
        "reuse": None,
        "reused_by": [],
        "metadata": {
            "id": "wrong-labels",
            "title": "Orders left with the wrong label",
            "date": "2006-05",
            "status": "draft",
            "tags": ["shipping"],
            "unit": "Warehouse North",
            "people": [{"name": "Jane Doe", "role": "contact", "contact": "jane@example.org"}],
            "impact": [{"area": "cost", "metric": "returned parcels a week", "change": "-85%", "design": "pre-post"}],
            "habitat": {"where": ["plain", 7]},
        },
        "text": BODY.removesuffix("\n"),
    }
    found = json.loads(kb(base, "show", "--json", "--section", "failure", "wrong-labels").out)
    assert found["text"] == "## What did not work\n\nA reminder."


def test_a_lesson_shows_which_later_ones_used_it_and_whether_it_helped(indexed: Make, kb: Run) -> None:
    used = "reused: [{lesson: wrong-labels, outcome: did-not-help, note: too slow}, {lesson: gone}]"
    root = indexed(
        {
            "labels.md": LABELS.replace("tags:", "reused: [{lesson: wrong-labels, outcome: helped}]\ntags:"),
            "boxes.md": f"---\ntitle: Wrong boxes\ndate: 2007\n{used}\n---\n# Wrong boxes\n\nText.\n",
            "lids.md": "---\ndate: 2008\nreused: [{lesson: wrong-labels}]\n---\n# Lids\n\nText.\n",
        }
    )
    found = json.loads(kb(root, "show", "--json", "wrong-labels").out)
    none = {"saved": "", "by": ""}
    assert found["reused_by"] == [
        {"lesson": "lids", "title": "Lids", "outcome": "", "note": "", "date": "2008", **none},
        {
            **{"lesson": "boxes", "title": "Wrong boxes", "outcome": "did-not-help", "note": "too slow"},
            **{"date": "2007", **none},
        },
    ]
    assert (found["reuse"]["used"], found["reuse"]["words"]) == (2, "2 times, did not help 1")


def test_what_was_edited_since_is_shown_as_the_file_is_now(base: Path, kb: Run) -> None:
    write(base, "plans.md", "# Forty plans\n\nOne language.\n")
    assert kb(base, "show", "plans").out == "# Forty plans\n\nOne language.\n"


def test_a_deleted_file_is_still_shown_from_the_index(base: Path, kb: Run) -> None:
    (base / "lessons" / "labels.md").unlink()
    done = kb(base, "show", "wrong-labels")
    assert done.code == 0
    for text in ("# Orders left with the wrong label", "Before the first section.", "Four *lines*.", "A card."):
        assert text in done.out
    assert "habitat" not in done.out, "the front matter was not shown before either"
    assert "A reminder." in kb(base, "show", "wrong-labels", "--section", "failure").out
    assert kb(base, "show", "wrong-labels", "--section", "impact").code == 2


def test_a_long_lesson_that_was_deleted_is_shown_from_the_index_without_a_gap(indexed: Make, kb: Run) -> None:
    paragraphs = [f"Sentence {number} of a long lesson, with some words to fill it." for number in range(200)]
    root = indexed({"long.md": "# Long\n\n" + "\n\n".join(paragraphs) + "\n"})
    (root / "lessons" / "long.md").unlink()
    out = kb(root, "show", "long").out
    assert [line for line in out.splitlines() if line.startswith("Sentence")] == paragraphs


def test_before_there_is_an_index_each_reader_says_what_to_do(make: Make, kb: Run) -> None:
    root = make(LESSONS)
    said = f"kb: there is no index in {root / '.kb'} yet; run `kb reindex`\n"
    for command in (["show", "wrong-labels"], ["list"], ["list", "--json"], ["status"], ["status", "--json"]):
        assert kb(root, *command) == Outcome(5, "", said)
    assert not (root / ".kb").exists()


def test_on_a_terminal_a_lesson_is_rendered_with_its_facts(
    base: Path, kb: Run, kb_process: Callable[..., list[str]]
) -> None:
    pty = pytest.importorskip("pty", reason="no pseudo-terminals here", exc_type=ImportError)

    def shown(*arguments: str) -> str:
        ours, theirs = pty.openpty()
        environment = os.environ | {"TERM": "xterm-256color", "COLUMNS": "80", "PAGER": "cat", "NO_COLOR": "1"}
        process = subprocess.Popen(
            kb_process("--root", str(base), "show", *arguments),
            stdin=theirs,
            stdout=theirs,
            stderr=subprocess.PIPE,
            env=environment,
        )
        os.close(theirs)
        written = b""
        try:
            while data := os.read(ours, 65536):
                written += data
        except OSError:  # Linux says so when the other side is closed
            pass
        os.close(ours)
        _, said = process.communicate()
        assert (process.returncode, said) == (0, b"")
        return re.sub(r"\x1b\[[\d;]*m|\x1b\]8;[^\x1b]*\x1b\\", "", written.decode().replace("\r\n", "\n"))

    whole = shown("wrong-labels")
    for fact in (
        r"lesson +wrong-labels",
        r"file +lessons/labels\.md",
        r"unit +Warehouse North",
        r"date +2006-05",
        r"status +draft",
        r"worth +returned parcels a week down 85 % \(unproven:\s+comparison\s+not\s+given\)",
        r"person +Jane Doe, contact, jane@example\.org",
        r"ask +Jane Doe, jane@example\.org",
    ):
        assert re.search(rf"^{fact} *$", whole, re.MULTILINE), fact
    assert "Four lines." in whole, "emphasis is shown, not its stars"
    assert "*lines*" not in whole
    assert "##" not in whole
    more = (
        "summary: >\n  Labels were\n  read aloud.\napplies_when: [hands pack, no checks]\nnot_when: [a machine packs]\n"
        "answers: [parcels come back]\nreview_by: 2027-11\n"
        "history: [{date: 2026-11-22, what: reviewed, by: Jane, because: still true}, {what: validated}]\n"
    )
    write(base, "labels.md", LABELS.replace("habitat", f"{more}habitat"))
    assert kb(base, "reindex").code == 0
    whole = shown("wrong-labels")
    for fact in (
        r"summary +Labels were read aloud\.",
        r"answers +parcels come back",
        r"review by +2027-11",
        r"history +2026-11-22 reviewed by Jane: still true",
        r"history +validated",
        *(r"applies when +hands pack", r"applies when +no checks", r"not when +a machine packs"),
    ):
        assert re.search(rf"^{fact} *$", whole, re.MULTILINE), fact
    section = shown("wrong-labels", "--section", "failure")
    assert "A reminder." in section
    assert "Jane Doe" not in section


# list


def test_lessons_are_listed_newest_first_in_a_pipe_one_a_line(base: Path, kb: Run) -> None:
    assert kb(base, "list") == Outcome(
        0,
        "2019\tplans\t\tForty plans\n"
        "2006-05-01\tdeep/brochures\tvalidated\tBrochures\n"
        "2006-05\twrong-labels\tdraft\tOrders left with the wrong label\n"
        "\tundated\t\tWithout a date\n",
        "",
    )


def test_lessons_are_listed_as_a_json_array(base: Path, kb: Run) -> None:
    done = kb(base, "list", "--json")
    assert (done.code, done.out.count("\n"), done.err) == (0, 1, "")
    found = json.loads(done.out)
    assert [lesson["id"] for lesson in found] == ["plans", "deep/brochures", "wrong-labels", "undated"]
    assert found[2:] == [
        {
            "id": "wrong-labels",
            "title": "Orders left with the wrong label",
            "path": "lessons/labels.md",
            "date": "2006-05",
            "status": "draft",
            "tags": ["shipping"],
            "unit": "Warehouse North",
            "evidence": {"grade": "E", "words": "unproven: comparison not given"},
        },
        {
            "id": "undated",
            "title": "Without a date",
            "path": "lessons/undated.md",
            "date": None,
            "status": None,
            "tags": [],
            "unit": None,
            "evidence": None,
        },
    ]


def test_a_long_title_is_not_broken_in_a_pipe(indexed: Make, kb: Run) -> None:
    title = "A title of many words " * 20
    root = indexed({"long.md": f"# {title}\n"})
    assert kb(root, "list").out == f"\tlong\t\t{title.strip()}\n"
