"""What a lesson must say, by its status."""

from __future__ import annotations

import pytest

from kb.check.severity import Severity
from kb.lessons.stated import is_answer, is_contact
from tests.checking import codes, found, mended

COMPLETE = """---
status: validated
people:
  - name: Ana
    contact: ana@example.org
screening:
  strategic: "Yes: returns eat the margin."
  reusable: yes
impact:
  - metric: returns a day
    before: 12
    after: 7
    design: pre-post
review_by: 2027-11-30
---
# Wrong labels

## Problem
One parcel in ten came back.

## What we learned
The printer keeps the last address.

## How we worked it out
Ten parcels were followed from desk to door.
"""


def without(*parts: str) -> str:
    text = COMPLETE
    for part in parts:
        assert part in text
        text = text.replace(part, "")
    return text


def test_a_complete_lesson_has_no_findings() -> None:
    assert found(COMPLETE, "completeness") == []


@pytest.mark.parametrize(
    ("missing", "code"),
    [
        ("status: validated\n", "status"),
        ("## Problem\nOne parcel in ten came back.\n", "problem"),
        ("One parcel in ten came back.\n", "problem"),
        ("## What we learned\nThe printer keeps the last address.\n", "knowledge"),
        ("Ten parcels were followed from desk to door.\n", "method"),
        ("people:\n  - name: Ana\n    contact: ana@example.org\n", "contact"),
        ("    contact: ana@example.org\n", "contact"),
        ('  strategic: "Yes: returns eat the margin."\n', "screening"),
        ("  reusable: yes\n", "screening"),
        ("review_by: 2027-11-30\n", "review_by"),
        ("    after: 7\n", "impact"),
    ],
)
def test_each_thing_that_is_not_there_is_one_finding(missing: str, code: str) -> None:
    assert codes(without(missing), "completeness") == [code]


def test_a_question_says_where_its_answer_goes() -> None:
    (finding,) = found(without("  reusable: yes\n"), "completeness")
    assert finding.message.endswith("? answer after `reusable:`, under `screening`: yes or no, and why")


def test_an_empty_section_is_shown_where_it_is() -> None:
    finding = found(without("One parcel in ten came back.\n"), "completeness")[0]
    assert COMPLETE.split("\n")[finding.line - 1] == "## Problem"
    assert not finding.of_whole
    assert found(without("## Problem\nOne parcel in ten came back.\n"), "completeness")[0].of_whole


def test_what_stands_below_a_subheading_answers_the_section() -> None:
    assert codes(COMPLETE.replace("## Problem\n", "## Problem\n### In Lyon\n"), "completeness") == []


@pytest.mark.parametrize("hollow", ["tbd", "- n/a", "<!-- One parcel in ten came back. -->", "?", "**TODO**", "\u2026"])
def test_a_placeholder_and_a_comment_are_no_text(hollow: str) -> None:
    assert codes(COMPLETE.replace("One parcel in ten came back.", hollow), "completeness") == ["problem"]


def test_the_status_says_how_much_it_matters() -> None:
    hollow = "---\nstatus: {}\n---\n# Wrong labels\n"
    assert {finding.severity for finding in found(hollow.format("validated"), "completeness")} == {Severity.ERROR}
    assert {finding.severity for finding in found("# Wrong labels\n", "completeness")} == {Severity.WARNING}
    assert {finding.severity for finding in found(hollow.format("finished"), "completeness")} == {Severity.WARNING}
    for status in ("draft", "superseded", "retired"):
        assert found(hollow.format(status), "completeness") == []


@pytest.mark.parametrize(
    ("text", "reached"),
    [
        ("ana@example.org", True),
        ("room 4.12", True),
        ("the porter at the north gate", True),
        ("ana@example.org; telephone not stated", True),
        ("not stated", False),
        ("Unknown.", False),
        ("-", False),
        ("", False),
        ("authors of the source; address not stated", False),
    ],
)
def test_a_contact_is_a_way_to_reach_somebody(text: str, reached: bool) -> None:
    assert is_contact(text) is reached


@pytest.mark.parametrize(
    "text", ["no", "No", "0", "none of the depots", "unknown to us until May", "x", "Nobody was hurt"]
)
def test_short_answers_are_answers(text: str) -> None:
    assert is_answer(text)


@pytest.mark.parametrize(
    "section",
    [
        "Not measured in the source.",
        "The effect cannot be measured: nobody counted returns before.",
        "It could not yet be quantified.",
        "Returns were never\ncounted. No figures are stated.",
        "It has not been formally evaluated.",
    ],
)
def test_an_open_word_that_it_is_not_measured_is_enough(section: str) -> None:
    text = without("impact:\n  - metric: returns a day\n    before: 12\n    after: 7\n    design: pre-post\n")
    assert codes(text, "completeness") == ["impact"]
    assert codes(f"{text}\n## Impact\n{section}\n", "completeness") == []
    assert codes(f"{text}\n## Impact\nThings went better, as was measured.\n", "completeness") == ["impact"]
    assert codes(f"{text}\n## What did not work\n{section}\n", "completeness") == ["impact"], (
        "it is said of something else"
    )


@pytest.mark.parametrize(
    ("entry", "enough"),
    [
        ("note: nobody counted", True),
        ("change: up", True),
        ("area: cost", False),
        ("note: n/a", False),
        ("target: 5", False),
    ],
)
def test_an_entry_without_a_result_needs_a_note(entry: str, enough: bool) -> None:
    text = COMPLETE.replace("metric: returns a day\n    before: 12\n    after: 7\n    design: pre-post", entry)
    assert codes(text, "completeness") == ([] if enough else ["impact"])


def test_front_matter_of_the_wrong_type_is_not_there() -> None:
    text = "---\nstatus: validated\npeople: 3\nscreening: [yes]\nimpact: {}\nreview_by: []\n---\n# Wrong labels\n"
    assert set(codes(text, "completeness")) == {
        "problem",
        "knowledge",
        "method",
        "contact",
        "screening",
        "review_by",
        "impact",
    }


PROPOSED = """---
status: draft
impact:
  # kb: proposed from line 3: "from 12 days to 7"
  - before: 12
    after: 7 # kb: proposed from line 3: "from 12 days to 7"
title: "a # kb: proposed in quotes"
---
# Wrong labels

A line that says # kb: proposed is none.
"""


def test_every_proposal_that_nobody_confirmed_is_shown_where_it_is() -> None:
    findings = found(PROPOSED, "completeness")
    assert [(finding.line, finding.column, finding.code) for finding in findings] == [
        (4, 3, "completeness.proposal"),
        (6, 14, "completeness.proposal"),
    ]
    assert {finding.severity for finding in findings} == {Severity.WARNING}
    validated = found(PROPOSED.replace("draft", "validated"), "completeness")
    assert all(finding.severity is Severity.ERROR for finding in validated if finding.code.endswith("proposal"))


PROMPTED = """---
status: {}
unit: Lyon # kb: the unit it happened in
summary: # kb: two sentences
---
# Wrong labels

## Problem

<!-- kb: What went wrong? -->

One parcel in ten came back.

## Tools

<!-- kb: What can be
     used again? -->

## What we learned
<!-- kb: allow privacy.mail: an address nobody reads -->
The printer keeps the last address. <!-- kb: not a question, in a sentence -->

```
<!-- kb: shown as an example -->
```
"""


def test_questions_of_the_template_that_are_answered_go() -> None:
    text = PROMPTED.format("draft")
    assert [finding.line for finding in found(text, "completeness")] == [3, 10]
    assert mended(text, "completeness") == text.replace(" # kb: the unit it happened in", "").replace(
        "<!-- kb: What went wrong? -->\n\n", ""
    )
    assert found(mended(text, "completeness"), "completeness") == []


def test_questions_that_are_not_answered_are_a_drafts_own_affair() -> None:
    prompts = [
        finding for finding in found(PROMPTED.format("validated"), "completeness") if finding.code.endswith("prompt")
    ]
    assert [(finding.line, bool(finding.edits)) for finding in prompts] == [
        (3, True),
        (4, False),
        (10, True),
        (16, False),
    ]
    assert {finding.severity for finding in prompts} == {Severity.WARNING}
    assert "'What can be used again?'" in prompts[-1].message


def test_a_question_on_the_last_line_goes_too() -> None:
    assert mended("# Wrong labels\n\n## Problem\nReturns.\n\n<!-- kb: Why? -->", "completeness") == (
        "# Wrong labels\n\n## Problem\nReturns.\n\n"
    )


@pytest.mark.parametrize(
    "matter",
    [
        "yes: # kb: what?",
        "yes: 1 # kb: what?",
        "? [a]\n: # kb: what?",
        "a: &x {b: 1} # kb: what?\nc: {<<: *x} # kb: what?",
        'a: "on # kb: one line\n  and # kb: proposed on the next"',
        "a: |\n  b: 1 # kb: what?\n  # kb: proposed",
        "a: [1,  # kb: what?\n  2]",
    ],
)
def test_odd_front_matter_is_read(matter: str) -> None:
    found(f"---\nstatus: validated\n{matter}\n---\n# Wrong labels\n", "completeness")


def test_a_question_within_a_text_is_text() -> None:
    text = (
        '---\nstatus: draft\na: "on # kb: one line\n  and # kb: proposed on the next"\nb: |\n  c: 1 # kb: what?\n---\n'
    )
    assert found(text, "completeness") == []
