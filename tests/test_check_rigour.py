"""Whether what is claimed is shown."""

from __future__ import annotations

import pytest

from kb.check.severity import Severity
from tests.checking import codes, found


def lesson(*entries: str, impact: str = "", front: str = "status: validated", title: str = "Wrong labels") -> str:
    listed = (
        "impact:\n" + "".join(f"  - {entry.replace('; ', f'{chr(10)}    ')}\n" for entry in entries) if entries else ""
    )
    section = f"\n## Impact\n{impact}\n" if impact else ""
    return f"---\n{front}\n{listed}---\n# {title}\n{section}"


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ("before: 12; after: 7", "design"),
        ("metric: returns", "design"),
        ("metric: returns; note: nobody counted", None),
        ("metric: returns; design: none", None),
        ("after: 7; design: natural-field-experiment", "compared_with"),
        ("after: 7; design: natural-field-experiment; compared_with: not stated", "compared_with"),
        ("after: 7; design: natural-field-experiment; compared_with: Turin", None),
        ("after: 7; design: pre-post", "baseline"),
        ("after: 7; before: 12; design: pre-post", None),
        ("after: 7; compared_with: five years at 12; design: pre-post", None),
        ("after: 7; design: objectives-based", "target"),
        ("after: 7; design: objectives-based; target: 8", None),
        ("change: -42%; design: none", "base"),
        ("change: -42; unit: '% of parcels'; design: none", "base"),
        ("change: down 42 per cent; design: none", "base"),
        ("change: -42%; design: none; n: 12", None),
        ("change: -42; unit: parcels; design: none", None),
        ("change: up; unit: '%'; design: none", None),
    ],
)
def test_what_an_entry_must_say(entry: str, code: str | None) -> None:
    assert codes(lesson(entry), "rigour") == ([code] if code else [])


def test_findings_stand_at_the_entry() -> None:
    text = lesson("before: 12; after: 7; design: none", "metric: returns; design: pre-post; change: -1")
    finding = found(text, "rigour")[0]
    assert text.split("\n")[finding.line - 1].strip() == "design: pre-post"


def test_one_entry_need_not_be_a_list() -> None:
    assert codes("---\nimpact:\n  after: 7\n  design: pre-post\n---\n", "rigour") == ["baseline"]
    assert codes("---\nimpact: [3, [4], {}, good]\n---\n", "rigour") == ["design"]


def test_the_status_says_how_much_it_matters() -> None:
    def severity(status: str) -> Severity:
        return found(lesson("after: 7; design: pre-post", front=f"status: {status}"), "rigour")[0].severity

    assert severity("validated") is Severity.ERROR
    assert {severity(status) for status in ("draft", "superseded", "retired")} == {Severity.NOTE}
    assert severity("") is Severity.WARNING
    assert found(lesson(impact="Returns fell by 42 %."), "rigour")[0].severity is Severity.WARNING
    assert found(lesson(impact="Returns fell by 42 %.", front="status: draft"), "rigour")[0].severity is Severity.NOTE


def test_a_contradiction_says_what_the_figures_come_to() -> None:
    finding = found(lesson("before: 120 days; after: 70 days; change: -60%; design: pre-post"), "rigour")[0]
    assert "the change is given as -60%, but 120 days → 70 days is -50, or -42%" in finding.message


CARRIED = "metric: returns a day; before: 12; after: 7; design: pre-post; note: half a year, 1.5 million parcels"


@pytest.mark.parametrize(
    "said",
    [
        "Returns fell from 12 to 7.",
        "Returns fell from 12.0 to 7 a day.",
        "Returns fell by 42 %.",
        "Returns fell by 42 per cent.",
        "Of 1,500,000 parcels, 7 a day.",
        "The team met in room 4 on 3 May 2026 with 11 people.",
        "Returns must fall by 30 %.",
    ],
)
def test_figures_that_an_entry_carries(said: str) -> None:
    assert codes(lesson(CARRIED, impact=said), "rigour") == []


@pytest.mark.parametrize(
    "said", ["Returns fell from 12 to 5.", "Returns fell by 90 %.", "The team saved $500,000 a year."]
)
def test_figures_that_no_entry_carries(said: str) -> None:
    text = lesson(CARRIED, impact=said)
    finding = found(text, "rigour")[0]
    assert finding.code == "rigour.figure"
    assert text.split("\n")[finding.line - 1][finding.column - 1 :].startswith(finding.message.split("'")[1])


def test_a_share_in_words_is_looked_for_only_where_there_is_no_entry_at_all() -> None:
    assert codes(lesson("change: -33%; n: 9; design: none", impact="Errors were cut by a third."), "rigour") == []
    assert codes(lesson(impact="Errors were cut by a third."), "rigour") == ["figure"]


def test_a_figure_belongs_to_one_entry() -> None:
    two = ("metric: a; before: 12; after: 9; design: pre-post", "metric: b; before: 20; after: 5; design: pre-post")
    assert codes(lesson(*two, impact="Returns fell from 12 to 9."), "rigour") == []
    assert codes(lesson(*two, impact="Returns fell from 12 to 5."), "rigour") == ["figure"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("doubled", "Output doubled."),
        ("+100%", "Output doubled."),
        ("-500000", "Half a million dollars saved."),
        ("x3", "Output tripled."),
    ],
)
def test_changes_in_words_are_the_same_figures(change: str, said: str) -> None:
    assert codes(lesson(f'change: "{change}"; n: 9; design: none', impact=said), "rigour") == []
    assert codes(lesson("change: -7; n: 9; design: none", impact=said), "rigour") == ["figure"]


def test_one_figure_is_missed_once_where_it_stands_first() -> None:
    text = lesson(
        title="Returns fell by 42 %",
        front='status: validated\nsummary: "Returns fell by 42 %."',
        impact="Returns fell by 42 %.\n\nMails rose by 9 %. <!-- Costs fell by 30 %. -->",
    )
    assert [(finding.line, finding.code) for finding in found(text, "rigour")] == [
        (1, "rigour.figure"),
        (10, "rigour.figure"),
    ]


def test_only_title_summary_and_impact_are_read() -> None:
    assert codes("# Wrong labels\n\n## Problem\nReturns fell by 42 % and greatly improved sales.\n", "rigour") == []


@pytest.mark.parametrize(
    "said",
    [
        "Returns were dramatically reduced.",
        "The process improved\nsignificantly.",
        "A striking success.",
        "The most successful programme.",
        "Substantial Benefits to projects.",
        "It has greatly benefited the depots.",
    ],
)
def test_praise_without_a_figure(said: str) -> None:
    text = lesson(impact=said)
    assert codes(text, "rigour") == ["superlative"]
    assert codes(lesson("change: up; design: none; metric: sales", impact=said), "rigour") == [], (
        "an entry says what changed"
    )
    assert codes(lesson(impact=f"Not measured. {said}"), "rigour") == []


@pytest.mark.parametrize(
    "said",
    [
        "A significant number of labels was wrong.",
        "Great care is needed.",
        "The largest depot took part.",
        "It was dramatically reduced, by 3 of 12 steps.",
        "Great. Sales grew.",
        "This will significantly reduce returns, and dramatically improved labels would help.",
        "Iron greatly increases the risk of rust.",
        "There was no significant improvement.",
    ],
)
def test_strong_words_that_are_no_praise_of_a_result(said: str) -> None:
    assert codes(lesson(impact=said), "rigour") == []
