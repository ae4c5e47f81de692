"""What was true once."""

from __future__ import annotations

import pytest

from tests.checking import codes, found, mended


def lesson(*lines: str, body: str = "") -> str:
    return "---\n" + "\n".join(lines) + f"\n---\n# Wrong labels\n{body}"


def beside(name: str, *lines: str) -> str:
    return f"\n==> {name}.md <==\n" + lesson(*lines)


@pytest.mark.parametrize(
    ("day", "passed"),
    [
        ("2026-11-21", True),
        ("2026-11-22", False),
        ("2026-10", True),
        ("2026-11", False),
        ("2025", True),
        ("2026", False),
        ("soon", False),
        ("[2020]", False),
    ],
)
def test_a_date_has_passed_when_all_of_it_has(day: str, passed: bool) -> None:
    assert codes(lesson(f"review_by: {day}"), "staleness") == (["review"] if passed else [])


def test_what_is_replaced_or_retired_is_not_reviewed() -> None:
    assert codes(lesson("review_by: 2020", "status: retired"), "staleness") == []


def person(name: str, *more: str) -> list[str]:
    return [f"  - name: {name}", *(f"    {line}" for line in more)]


@pytest.mark.parametrize(
    ("people", "stale"),
    [
        ([("contact: a@b.c", "until: 2025")], True),
        ([("contact: a@b.c", "until: 2025"), ("contact: d@e.f", "until: 2026-10-01")], True),
        ([("contact: a@b.c", "until: 2025"), ("contact: d@e.f",)], False),
        ([("contact: a@b.c", "until: 2025"), ("contact: d@e.f", "until: 2027")], False),
        ([("contact: a@b.c", "until: 2025"), ("contact: not stated",)], True),
        ([("until: 2025",)], False),  # nobody could ever be asked: that is completeness
    ],
)
def test_somebody_who_is_named_can_be_asked(people: list[tuple[str, ...]], stale: bool) -> None:
    text = lesson("people:", *(line for more in people for line in person("Ana", *more)))
    assert codes(text, "staleness") == (["people"] if stale else [])


def test_a_lesson_that_is_replaced_says_so_and_is_mended() -> None:
    old = lesson("id: labels", "status: validated # since May", "unit: Lyon")
    text = old + beside("new", "supersedes: [labels]")
    finding = found(text, "staleness")[0]
    assert (finding.code, finding.line) == ("staleness.superseded", 3)
    assert "new says" in finding.message
    assert mended(text, "staleness").startswith(old.replace("validated", "superseded"))


@pytest.mark.parametrize("status", ['"validated"', "&status validated", "|\n  validated"])
def test_a_status_that_is_no_plain_word_is_not_mended(status: str) -> None:
    text = lesson("id: labels", f"status: {status}") + beside("new", "supersedes: labels")
    assert codes(text, "staleness") == ["superseded"]
    assert mended(text, "staleness") == text.split("==>")[0]


def test_a_lesson_without_status_that_is_replaced_is_shown_as_a_whole() -> None:
    finding = found(lesson("id: labels") + beside("new", "supersedes: [labels]"), "staleness")[0]
    assert (finding.of_whole, finding.edits) == (True, ())


@pytest.mark.parametrize("others", ["supersedes: [labels]\nstatus: draft", "supersedes: [labels]\nid: labels"])
def test_a_draft_and_the_lesson_itself_replace_nothing(others: str) -> None:
    assert codes(lesson("id: labels", "status: validated") + beside("new", others), "staleness") == []


def test_lessons_that_replace_each_other_are_not_both_marked_as_replaced() -> None:
    text = lesson("id: a", "supersedes: [c]") + beside("b", "supersedes: [a]") + beside("c", "supersedes: [b]")
    assert codes(text, "staleness") == []


def test_a_superseded_lesson_names_its_successor() -> None:
    old = lesson("id: labels", "status: superseded")
    assert codes(old, "staleness") == ["successor"]
    assert codes(old + beside("new", "supersedes: [labels]"), "staleness") == []
    assert codes(old + beside("new", "supersedes: [labels]", "status: draft"), "staleness") == []


OLD = beside("old", "status: superseded") + beside("new", "supersedes: [old]")


@pytest.mark.parametrize(
    "text",
    [
        lesson("related: [old]"),
        lesson("related: old"),
        lesson("title: Wrong scales", body="\nSee [the labels](old.md)."),
        lesson("title: Wrong scales", body="\nSee [the labels](./old.md#why 'Labels') and\nmore."),
        lesson("title: Wrong scales", body="\nSee [the labels][1].\n\n[1]: <old.md>\n"),
        "# Without front matter\n\n- [the labels](../lessons/ol%64.md)\n",
    ],
)
def test_citing_a_replaced_lesson_names_its_successor(text: str) -> None:
    finding = found(text + OLD, "staleness")[0]
    assert finding.code == "staleness.cited"
    assert "old is superseded; name new instead" in finding.message
    assert "old" in text.split("\n")[finding.line - 1] or "ol%64" in text.split("\n")[finding.line - 1]


def test_the_last_successor_is_named() -> None:
    chain = beside("old", "status: superseded") + beside("mid", "status: superseded", "supersedes: [old]")
    finding = found(lesson("related: [old]") + chain + beside("new", "supersedes: [mid]"), "staleness")[0]
    assert "name new instead" in finding.message


def test_a_lesson_that_says_it_replaces_itself_is_not_replaced() -> None:
    assert codes(lesson("id: labels", "status: validated", "supersedes: [labels]"), "staleness") == []
    assert codes(lesson("id: labels", "status: superseded", "supersedes: [labels]"), "staleness") == ["successor"]


def test_a_retired_lesson_has_no_successor_to_name() -> None:
    finding = found(lesson("related: [labels, old]") + beside("old", "status: retired"), "staleness")[0]
    assert (finding.line, finding.column) == (2, 19)
    assert "say what holds today" in finding.message


@pytest.mark.parametrize(
    "text",
    [
        lesson("supersedes: [old]", body="\nReplaces [the labels](old.md)."),
        lesson("reused:\n  - lesson: old"),
        lesson("related: [old]", "status: retired"),
        lesson("related: [new]", body="\n`[the labels](old.md)` and <https://example.org/old.md>\n"),
        lesson("title: x", body="\n```\n[the labels](old.md)\n```\n"),
        lesson("title: x", body="\n[the labels](https://example.org/old.md) [x](%00.md) [y](other/old.md)\n"),
        lesson("related: {a: old}"),
    ],
)
def test_what_is_no_advice_to_read_it_may_name_a_replaced_lesson(text: str) -> None:
    assert "cited" not in codes(text + OLD, "staleness")
