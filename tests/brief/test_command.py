"""`kb brief`: one page on a problem."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from typing import Any

import pytest

from tests.brief.lessons import LESSONS
from tests.conftest import Make, Run, write
from tests.git import git
from tests.html_page import HOSTILE, check_harmless

PROBLEM = ("brief", "errors in brochures zeppelin")
FILE = "lessons/brochures.md"


@pytest.fixture
def base(indexed: Make) -> Path:
    return indexed(LESSONS)


def made(kb: Run, base: Path, *arguments: str) -> dict[str, Any]:
    done = kb(base, "brief", "--json", *arguments)
    assert done.code == 0, done.err
    found = json.loads(done.out)
    assert isinstance(found, dict)
    return found


def texts(statements: list[dict[str, Any]]) -> list[str]:
    return [statement["text"] for statement in statements]


def test_the_page_has_every_part_in_order(base: Path, kb: Run) -> None:
    page = kb(base, *PROBLEM).out
    headings = [line for line in page.splitlines() if line.startswith("#")]
    assert headings == [
        "# Brief: errors in brochures zeppelin",
        "## Cases",
        "## Tools to take",
        "## How to work it out",
        "## What did not work",
        "## Whom to call",
        "## What the library does not know",
        "## Before you begin",
    ]


def test_every_quoted_sentence_stands_where_the_page_says(base: Path, kb: Run) -> None:
    brief = made(kb, base, "errors in brochures")
    quoted = [*brief["tools"], *brief["method"], *brief["failures"]]
    for case in brief["cases"]:
        quoted += [line for role in ("happened", "did", "learned") for line in case.get(role, [])]
    assert len(quoted) > 8
    for statement in quoted:
        row = (base / statement["path"]).read_text().splitlines()[statement["line"] - 1]
        assert statement["text"].removeprefix("Proof sheet: ").split()[0] in row, statement


def test_a_case_says_what_was_done_what_came_of_it_and_when_it_applies(base: Path, kb: Run) -> None:
    case = made(kb, base, "errors in brochures")["cases"][0]
    assert (case["id"], case["unit"], case["status"]) == ("brochures", "Sales South", "validated")
    assert texts(case["did"])[0] == "A team rethought how one brochure is made."
    assert texts(case["learned"])[0] == "Copy must be checked before it is printed."
    assert texts(case["result"]) == ["costs down 50 % (unproven: comparison not given)"]
    assert case["evidence"] == {"grade": "E", "words": "unproven: comparison not given"}
    assert {line["line"] for line in case["result"]} == {9}
    assert [(line["text"], line["line"]) for line in case["applies_when"]] == [
        ("one text is printed in many places", 11),
        ("the copy changes every week", 12),
    ]
    assert texts(case["not_when"]) == ["every place sells the same"]


def test_steps_are_those_of_the_author_in_order(base: Path, kb: Run) -> None:
    assert texts(made(kb, base, "errors in brochures")["method"]) == [
        "Collect every complaint about a brochure.",
        "Sit down with the printers for a day.",
        "Let two people read each page aloud.",
    ]


def test_a_tool_has_its_name(base: Path, kb: Run) -> None:
    assert texts(made(kb, base, "errors in brochures")["tools"]) == [
        "Proof sheet: Lists the errors that brochures had before. One page.",
        "Proof sheet: Reading club. Two readers for each brochure.",
    ]


def test_nothing_is_said_twice(base: Path, kb: Run) -> None:
    write(base, "copy.md", str(LESSONS["brochures.md"]).replace("id: brochures", "id: copy"))
    assert kb(base, "reindex").code == 0
    brief = made(kb, base, "errors in brochures")
    said = [line["text"] for case in brief["cases"] for line in case.get("did", [])] + texts(brief["tools"])
    said += [case["title"] for case in brief["cases"]] + [contact["ask"] for contact in brief["people"]]
    assert len(said) == len(set(said))
    assert [contact["ask"] for contact in brief["people"]] == ["Ann Lee, ann@example.org"]


def test_an_author_without_an_address_is_called_only_if_there_is_nobody_else(
    indexed: Make, kb: Run, own_git: None
) -> None:
    root = indexed({"a.md": "---\npeople: [{name: Ann Lee, role: team}]\n---\n# Pump seals\n\nPump seals leak.\n"})
    git(root, "init", "-q")
    git(root, "add", "--all")
    git(root, "commit", "-q", "-m", "work", "--author", "Lib Rarian <lib@localhost>")
    assert kb(root, "reindex").code == 0
    assert [contact["ask"] for contact in made(kb, root, "pump seals")["people"]] == ["Ann Lee (team)"]
    write(root, "a.md", "# Pump seals\n\nPump seals leak.\n")
    assert kb(root, "reindex").code == 0
    assert [contact["ask"] for contact in made(kb, root, "pump seals")["people"]] == ["Lib Rarian (author)"]


BLUE = """# Blue seals

Pump seals leak.

## Tools
- Blue gauge: finds a leak in time.

## What did not work

We tried blue glue on both sides.

The leak in the pump seals came back after a week.
"""
RED = """# Red seals

Seals of a pump leak.

## Tools
- Red lamp: stands beside each machine.

## What did not work

Signs. There were nine before.
"""
FAR = "# Queues\n\nA queue in front of the pump seals at noon.\n\n## Tools\n- Rope stand: keeps a queue in its lane.\n"


def test_a_brief_draws_only_from_lessons_close_to_the_problem(indexed: Make, kb: Run) -> None:
    root = indexed({"blue.md": BLUE, "red.md": RED, "far.md": FAR})
    hits = json.loads(kb(root, "search", "--json", "pump seals leak").out)["hits"]
    assert [(hit["id"], hit["relevant"]) for hit in hits][2:] == [("far", True)], "it may help, but less"
    brief = made(kb, root, "pump seals leak")
    assert [case["id"] for case in brief["cases"]] == [hit["id"] for hit in hits[:2]]
    assert {tool["id"] for tool in brief["tools"]} == {"blue", "red"}
    assert [(failure["text"], failure["line"]) for failure in brief["failures"]] == [
        ("We tried blue glue on both sides.", 10),
        ("The leak in the pump seals came back after a week.", 12),
    ], "in the order in which they are read"


def test_what_did_not_work_is_quoted_together_where_no_sentence_can_be_quoted_alone(indexed: Make, kb: Run) -> None:
    brief = made(kb, indexed({"red.md": RED}), "seals of a pump")
    assert texts(brief["failures"]) == ["Signs. There were nine before."]


def test_a_row_of_a_table_is_no_sentence(indexed: Make, kb: Run) -> None:
    table = "| what | when |\n|---|---|\n| The pump seals had a leak in May. | The pump seals were new. |\n"
    brief = made(
        kb, indexed({"a.md": f"# Pump seals\n\n## What we learned\n\n{table}\nNobody had looked.\n"}), "pump leak"
    )
    assert not any("May" in line["text"] for line in brief["cases"][0].get("learned", []))


def test_who_can_be_reached_is_called_first(indexed: Make, kb: Run) -> None:
    people = "people: [{name: Ann Lee, role: contact}, {name: Bob Ray, role: team, contact: bob@example.org}]"
    brief = made(kb, indexed({"red.md": f"---\n{people}\n---\n{RED}"}), "seals of a pump")
    assert [contact["ask"] for contact in brief["people"]] == ["Bob Ray (team), bob@example.org", "Ann Lee"]


def test_only_telling_words_are_named_as_shared(base: Path, kb: Run) -> None:
    case = made(kb, base, "there were errors in the brochures of some of our customers")["cases"][0]
    assert texts(case["alike"]) == ["brochures, errors, customers"]
    case = made(kb, base, "two people read brochures")["cases"][0]
    assert "people" not in texts(case["alike"])[0], "any problem may have people"
    case = made(kb, base, "our brochures had errors")["cases"][0]
    assert sorted(texts(case["alike"])[0].split(", ")) == ["brochures", "errors"], "no pair of words"


def test_what_is_missing_is_said(base: Path, kb: Run) -> None:
    assert made(kb, base, "errors in brochures zeppelin")["unknown"] == ["no lesson of the library has: zeppelin"]
    assert made(kb, base, "flyers with an old price")["unknown"] == [
        "what it was worth: none of these cases has a measured impact",
        "how to work it out: none of these cases says",
        "what did not work: none of these cases says",
        "whether it is true: 1 case still a draft, not validated",
        "whom to ask: none of these cases names anybody who can be reached",
    ]


def test_a_weak_brief_says_so_and_has_only_cases(base: Path, kb: Run) -> None:
    done = kb(base, "brief", "quarterly tax return of the embassy")
    assert done.code == 1
    assert "**nearest** (weak: nothing in the library is sure to help;" in done.out
    assert "## Tools" not in done.out
    assert "## What did not work" not in done.out


def test_a_page_is_a_problem_too(base: Path, kb: Run, tmp_path: Path) -> None:
    file = tmp_path / "mail.txt"
    mail = "Dear all,\n\nour new brochures came back from print and were full of errors.\n\nKind regards\nBob\n"
    file.write_text(mail)
    assert made(kb, base, "-f", str(file))["problem"] == (
        "Dear all, our new brochures came back from print and were full of errors. Kind regards Bob"
    )
    file.write_text(mail.replace("Kind regards", "It rained. " * 30 + "\n\nKind regards"))
    brief = made(kb, base, "-f", str(file))
    assert brief["problem"] == "our new brochures came back from print and were full of errors."
    assert brief["cases"][0]["id"] == "brochures"


def test_more_like_a_lesson_leaves_it_out_and_compares(base: Path, kb: Run) -> None:
    brief = made(kb, base, "--like", "deep/flyers")
    assert brief["problem"] == "Flyers with an old price"
    assert "deep/flyers" not in [case["id"] for case in brief["cases"]]
    assert texts(brief["cases"][0]["unlike"]) == ["unit Sales South, area cost"]


def test_filters_restrict_the_cases(base: Path, kb: Run) -> None:
    brief = made(kb, base, "--where", "unit=Sales North", "errors in brochures")
    assert [case["id"] for case in brief["cases"]] == ["deep/flyers"]


def test_it_is_written_to_a_file(base: Path, kb: Run, tmp_path: Path) -> None:
    out = tmp_path / "brief.md"
    page = kb(base, *PROBLEM).out
    assert kb(base, *PROBLEM, "--out", str(out)).out == ""
    assert out.read_text() == page


def test_no_link_of_the_knowledge_base_is_written_through(base: Path, kb: Run, tmp_path: Path) -> None:
    target = tmp_path / "private"
    target.write_text("mine")
    (base / "brief.md").symlink_to(target)
    done = kb(base, *PROBLEM, "--out", str(base / "brief.md"))
    assert (done.code, target.read_text()) == (2, "mine")
    assert done.err.startswith(f"kb: {base / 'brief.md'}: a link below")


@pytest.mark.parametrize(
    "name", ["lessons/brochures.md", "lessons/deep/new.md", "kb.toml", "people.md", ".kb/CURRENT", ".git/config"]
)
def test_no_lesson_and_no_file_of_the_knowledge_base_is_replaced(base: Path, kb: Run, name: str) -> None:
    before = {path: path.read_bytes() for path in base.rglob("*") if path.is_file()}
    done = kb(base, *PROBLEM, "--out", str(base / name))
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"kb: {base / name}: ")
    assert {path: path.read_bytes() for path in base.rglob("*") if path.is_file()} == before


def test_a_folder_that_is_not_there_is_named(base: Path, kb: Run) -> None:
    done = kb(base, *PROBLEM, "--out", str(base / "none" / "brief.md"))
    assert done.code == 3
    assert done.err.count("\n") == 1
    assert "brief.md" in done.err
    done = kb(base, *PROBLEM, "--out", str(base / ("b" * 300)))
    assert (done.code, done.err.count("\n")) == (3, 1)


def test_a_link_elsewhere_is_not_replaced_either(base: Path, kb: Run, tmp_path: Path) -> None:
    link = tmp_path / "stdout"
    link.symlink_to(tmp_path / "elsewhere")
    done = kb(base, *PROBLEM, "--out", str(link))
    assert (done.code, "not a plain file" in done.err) == (3, True)
    assert link.is_symlink()


WRONG = [
    (["brief"], "missing argument 'QUERY...'; see `kb brief --help`"),
    (["brief", "--like", "plans", "words"], "--like names the problem; leave QUERY, --file and filters out"),
    (["brief", "-f", "x", "words"], "the query is either QUERY or in --file; leave one of them out"),
    (["brief", "--like", "nobody"], "no lesson"),
    (["brief", "--like", ""], "no lesson"),
]


@pytest.mark.parametrize(("arguments", "message"), WRONG)
def test_wrong_usage_is_one_line(base: Path, kb: Run, arguments: list[str], message: str) -> None:
    done = kb(base, *arguments)
    assert (done.code, done.out) == (2, "")
    assert message in done.err
    assert done.err.count("\n") == 1


def test_an_empty_library_and_one_of_one_lesson(make: Make, kb: Run) -> None:
    base = make({})
    done = kb(base, "brief", "anything at all")
    assert done.code == 1
    assert "**nothing found** (0 lessons searched)" in done.out
    write(base, "one.md", "# Anything at all\n\nAll of it was lost in a fire.\n")
    assert kb(base, "reindex").code == 0
    assert "All of it was lost in a fire." in kb(base, "brief", "anything at all").out


def test_people_who_are_withheld_are_not_said_to_be_missing(base: Path, kb: Run) -> None:
    (base / "people.md").write_text("---\npeople: [\n---\n")
    brief = made(kb, base, "errors in brochures")
    assert brief["people"] == []
    assert brief["unknown"][0] == "whom to ask: nobody is named until people.md is put right; see `kb check`"
    assert not any("names anybody" in gap for gap in brief["unknown"])


def test_as_a_page_it_has_the_same_lines_and_places(base: Path, kb: Run, tmp_path: Path) -> None:
    done = kb(base, *PROBLEM, "--html", "--out", str(tmp_path / "brief.html"))
    assert (done.code, done.out) == (0, "")
    page = (tmp_path / "brief.html").read_text("utf-8")
    check_harmless(page)
    brief = made(kb, base, *PROBLEM[1:])
    said = [
        *brief["tools"],
        *brief["method"],
        *brief["failures"],
        *brief["cases"][0]["did"],
        *brief["cases"][0]["result"],
    ]
    for statement in said:
        assert f">{escape(statement['text'])}</span> <cite>{statement['path']}:{statement['line']}</cite>" in page
    for heading in [line[3:] for line in kb(base, *PROBLEM).out.splitlines() if line.startswith("## ")]:
        assert f"<h2>{heading}</h2>" in page
    assert "<ol>\n<li>" in page.partition("<h2>How to work it out</h2>")[2], "the author numbered the steps"


def test_a_page_runs_nothing_and_asks_for_nothing(indexed: Make, kb: Run) -> None:
    front = json.dumps({"title": HOSTILE, "unit": HOSTILE, "people": [{"name": HOSTILE, "contact": HOSTILE}]})
    arabic = "# \u0642\u0637\u0627\u0631\n\n\u0642\u0637\u0627\u0631 \u062c\u062f\u064a\u062f brochures.\n"
    text = f"---\n{front}\n---\n# T\n\n## Tools\n\nBrochures &lt;script>alert(1)&lt;/script> with errors.\n"
    root = indexed({"a.md": text, "b.md": arabic})
    page = kb(root, "brief", "--html", f"brochures errors {HOSTILE}").out
    check_harmless(page)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_mail_is_called_by_its_subject(base: Path, kb: Run, tmp_path: Path) -> None:
    file = tmp_path / "mail.txt"
    head = "From: Ann <ann@example.org>\nTo: Bob <bob@example.org>\nSubject: Re: errors in brochures\n"
    body = "Dear Bob,\n\nplease help.\n\nOn 3 Mar 2025 Bob wrote:\n> brochures, brochures and errors\n"
    file.write_text(f"{head}\n{body}")
    brief = made(kb, base, "-f", str(file))
    assert brief["problem"] == "errors in brochures"
    assert not any("@" in gap for gap in brief["unknown"])
