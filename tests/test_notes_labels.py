"""Headings and labels of notes go where their words say."""

from __future__ import annotations

import pytest

from ingest.kinds import Kind, KindTable
from kb.codify.notes.notes import notes
from tests.drafting import drafted


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("Problem: every tenth box", Kind.PROBLEM, "Every tenth box"),
        ("**The problem:** every tenth box", Kind.PROBLEM, "Every tenth box"),
        ("__Problem__: *every* tenth box", Kind.PROBLEM, "*every* tenth box"),
        ("WHAT WE DID: we printed", Kind.CASE, "We printed"),
        ("What we learned:\nread it", Kind.KNOWLEDGE, "read it"),
        ("Tools: [a list](http://a.example)", Kind.TOOL, "[a list](http://a.example)"),
        ("Tools: kb-search.sh", Kind.TOOL, "kb-search.sh"),
        ("Results: none\nImpact: some", Kind.IMPACT, "None\n\nSome"),
        ("- Impact: one item\n- and another", Kind.IMPACT, "- One item"),
        ("- root cause = worn", Kind.KNOWLEDGE, "- root cause = worn"),
        ("* What we did \u2013 walked", Kind.CASE, "* Walked"),
        ("- [x] Problem -> worn", Kind.PROBLEM, "- Worn"),
        ("\U0001f4a1 **Problem:** worn", Kind.PROBLEM, "Worn"),
        ("- Problem: one\n  - more\n- Problem: two", Kind.PROBLEM, "- One\n  - more\n- Two"),
        ("Root cause: every label", Kind.KNOWLEDGE, "Root cause: every label"),
        ("Problem 2: every label", Kind.PROBLEM, "Problem 2: every label"),
        ("**Problem: every label**", Kind.PROBLEM, "**Problem: every label**"),
        ("Impact: 1. none", Kind.IMPACT, "Impact: 1. none"),
        ("Impact: # none", Kind.IMPACT, "Impact: # none"),
        ("Tools: [x]: http://a.example", Kind.TOOL, "Tools: [x]: http://a.example"),
        ("What happened? It rained.", Kind.PROBLEM, "What happened? It rained."),
        ("- **Why did it happen?** One fuse.", Kind.KNOWLEDGE, "- **Why did it happen?** One fuse."),
        ("What did we do?: A second fuse.", Kind.CASE, "What did we do?: A second fuse."),
        ("| What was the benefit? | less |\n| Cause | a fuse |", Kind.IMPACT, "- What was the benefit?: less"),
        ("Problem\tworn\nCause\ta fuse", Kind.PROBLEM, "- Worn"),
        ('Problem;"worn; all of them"\nCause;a fuse', Kind.PROBLEM, "- Worn; all of them"),
        ("Down.\n\nwhy?\nthe sun.\n\nwhat we did\nmoved it 2 m away.", Kind.CASE, "moved it 2 m away."),
        ("Sensor moved\n\nproblem\npumps short cycle", Kind.PROBLEM, "pumps short cycle"),
        ("<details><summary>Root cause</summary> a fuse </details>", Kind.KNOWLEDGE, "**Root cause:** a fuse"),
        (
            "<details><summary>Root cause</summary>\n\na fuse\n\n</details>\n\n## Fix\n\nx",
            *(Kind.KNOWLEDGE, "### Root cause\n\na fuse"),
        ),
    ],
)
def test_a_label_goes_where_the_heading_says_it(text: str, kind: Kind, said: str) -> None:
    assert drafted(text).sections[kind] == said


@pytest.mark.parametrize(
    ("text", "impact", "left"),
    [
        ("Impact: a\n\nText.", "A", "Text."),
        ("Impact: a\n\nText.\n\nRoot cause: b\n\nMore.", "A\n\nText.", "More."),
        ("Impact: a\n\nOpen questions: c?\n\nText.\n\nRoot cause: b", "A", "Open questions: c?\n\nText."),
        ("Impact: a\n\nWe did two things: c.\n\nRoot cause: b", "A\n\nWe did two things: c.", None),
        ("**Impact**\n\na\n\nOpen: c?\n\nb", "a\n\nOpen: c?\n\nb", None),
        ("Impact:\na\n\nb", "a", "b"),
    ],
)
def test_how_far_a_label_reaches(text: str, impact: str, left: str | None) -> None:
    sections = drafted(text).sections
    assert (sections[Kind.IMPACT], sections.get(Kind.OTHER)) == (impact, left)


def test_a_numbered_question_reaches_as_far_as_a_heading() -> None:
    draft = drafted("1. What happened?\nIt broke.\n\nIt rained.\n\n2. Where?\nThere.")
    assert draft.sections == {Kind.PROBLEM: "### 1. What happened?\n\nIt broke.\n\nIt rained.\n\n2. Where?\nThere."}


def test_a_heading_whose_parts_go_elsewhere_keeps_what_stands_below_it() -> None:
    draft = drafted("# Night\n\n## Search\n\nSlow.\n\n### Impact\n\nnone\n\n## Mail\n\n### Impact\n\nsome")
    assert draft.sections == {
        Kind.IMPACT: "### Search\n\nnone\n\n### Mail\n\nsome",
        Kind.OTHER: "### Search\n\nSlow.",
    }


def test_of_two_headings_of_one_name_only_that_is_left_out_which_a_heading_below_repeats() -> None:
    draft = drafted("text\n\n# More\n\n# More\n\n## Discussion", title="T")
    assert draft.sections == {Kind.CASE: "### More: Discussion", Kind.OTHER: "text\n\n### More"}


def test_the_knowledge_bases_own_headings_count() -> None:
    kinds = KindTable({"method": ["Playbook"], "other": ["Summary"]})
    draft = notes("## Playbook\n\nRun.\n\nPlaybook: walk.\n\n## Summary\n\nShort.", kinds)
    assert draft.sections == {
        Kind.METHOD: "### Playbook\n\nRun.\n\nPlaybook: walk.",
        Kind.OTHER: "### Summary\n\nShort.",
    }


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        *((name, Kind.PROBLEM) for name in ("What was going on",)),
        *((name, Kind.CASE) for name in ("Immediate action", "Remedy")),
        *((name, Kind.METHOD) for name in ("Preventive action", "Action item")),
        *(
            (name, Kind.KNOWLEDGE)
            for name in ("Hypotheses", "Hypothesis", "Data", "Data and analysis", "Gelernt haben wir")
        ),
        *((name, Kind.IMPACT) for name in ("How it went", "Statistics", "Before and after", "Costs")),
        *(
            (name, Kind.IMPACT)
            for name in ("What came out of it so far", "What came out of it", "What was the benefit?")
        ),
        *((name, Kind.TOOL) for name in ("Useful links", "Tools used")),
        ("Difficult\u00e9s rencontr\u00e9es", Kind.FAILURE),
    ],
)
def test_what_people_call_their_parts_is_known(name: str, kind: Kind) -> None:
    assert list(drafted(f"# Worn tyres\n\n## {name}\n\nSome words.").sections) == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "It had an effect: none.",
        "We met. The result: nothing.",
        "see http://impact.example and cause:trouble",
        "| Impact: x | y |\n|---|---|\n| a | b |",
        "> Impact: quoted",
        "```\nImpact: code\n```",
        "Some words before\nImpact: a line that is amid a paragraph",
        "A rather long line that happens to have a colon in it: impact",
    ],
)
def test_what_is_no_label_stays_where_it_is(text: str) -> None:
    assert drafted(text).sections == {Kind.OTHER: text}


def test_labels_right_below_a_title_part_the_text_and_one_alone_may_be_a_broken_line() -> None:
    labels = "Sponsor: Jane Doe\nProblem: boxes were glued wrong.\nWhat we did: we changed the glue."
    found = notes(f"Packing line 3 down\n{labels}\n", KindTable())
    assert found.sections[Kind.PROBLEM] == "Boxes were glued wrong."
    assert "we changed the glue" in found.sections[Kind.CASE].lower()
    assert found.values["title"] == "Packing line 3 down"
    for text in ("We had one more\nProblem: the glue", "We met.\nProblem: glue\nWhat we did: nothing"):
        assert set(notes(text, KindTable()).sections) == {Kind.OTHER}
