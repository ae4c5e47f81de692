"""Headings → kinds: every family of names that is recognised without configuration, and how it is extended."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from ingest.kinds import HEADINGS, PLAIN_NAMES, Kind, KindTable, normalize
from ingest.markdown.plain import plain_heading

FAMILIES: dict[str, dict[Kind, str]] = {
    "our own template": {
        Kind.PROBLEM: "Problem",
        Kind.CASE: "What was done",
        Kind.KNOWLEDGE: "What we learned",
        Kind.METHOD: "How we worked it out",
        Kind.TOOL: "Reusable tools",
        Kind.FAILURE: "What did not work",
        Kind.IMPACT: "Impact",
        Kind.APPLICABILITY: "When to use it again",
        Kind.PEOPLE: "People to ask",
    },
    "NASA's lessons": {
        Kind.PROBLEM: "Driving Event; Abstract; Description of Event",
        Kind.KNOWLEDGE: "Lesson(s) Learned; Lessons Learned; Lesson Learned",
        Kind.METHOD: "Recommendation(s); Recommendations; Recommendation",
        Kind.IMPACT: "Evidence of Recurrence Control Effectiveness",
    },
    "post-mortems": {
        Kind.PROBLEM: "Summary; Trigger",
        Kind.CASE: "Timeline; Resolution",
        Kind.KNOWLEDGE: "Root Cause; Root Causes; Root Cause(s); Lessons learned",
        Kind.METHOD: "Detection; Action Items; What went well",
        Kind.FAILURE: "What went wrong",
        Kind.IMPACT: "Impact",
    },
    "after-action reviews": {
        Kind.PROBLEM: "Issue; What was supposed to happen?; What actually happened?",
        Kind.CASE: "Discussion; Immediate Action Taken",
        Kind.KNOWLEDGE: "Why did it happen?; Lessons identified",
        Kind.METHOD: "Recommendation; What will we do next time?",
        Kind.FAILURE: "What didn't go well; What could have gone better",
    },
}
CASES = [
    pytest.param(heading.strip(), kind, id=f"{family}: {heading.strip()}")
    for family, kinds in FAMILIES.items()
    for kind, headings in kinds.items()
    for heading in headings.split(";")
]


def test_every_kind_has_its_row_in_the_order_of_a_lesson() -> None:
    assert list(HEADINGS) == list(PLAIN_NAMES) == list(Kind)


@pytest.mark.parametrize("kind", Kind)
def test_the_heading_that_kb_writes_for_a_kind_is_recognised(kind: Kind) -> None:
    assert KindTable().kind_of([HEADINGS[kind]]) is kind
    assert all(KindTable().kind_of([name]) is kind for name in PLAIN_NAMES[kind])
    assert PLAIN_NAMES[kind] or kind is Kind.OTHER


@pytest.mark.parametrize(("heading", "kind"), CASES)
def test_the_headings_of_each_family_are_recognised(heading: str, kind: Kind) -> None:
    assert KindTable().kind_of([heading]) is kind


@pytest.mark.parametrize(("heading", "kind"), CASES)
def test_numbers_and_punctuation_around_a_heading_are_ignored(heading: str, kind: Kind) -> None:
    table = KindTable()
    forms = ["{}:", "{}.", "{}?", "{}!", "“{}”", "- {} -", "_{}_", "1. {}", "2) {}", "3.1 {}", "4: {}", "IV. {}"]
    assert {form: table.kind_of([form.format(heading)]) for form in forms} == dict.fromkeys(forms, kind)


@pytest.mark.parametrize(("heading", "kind"), CASES)
def test_case_and_white_space_are_ignored(heading: str, kind: Kind) -> None:
    table = KindTable()
    spread = heading.replace(" ", "\t  ")
    forms = [heading.upper(), heading.lower(), heading.title(), f"  {spread} ", heading.replace(" ", "-")]
    assert [table.kind_of([form]) for form in forms] == [kind] * len(forms)


@pytest.mark.parametrize(
    ("heading", "folded"),
    [
        ("Lesson(s) Learned", "lessons learned"),
        ("RECOMMENDATION(S):", "recommendations"),
        ("What didn't work", "what didnt work"),
        ("What didn\u2019t work", "what didnt work"),
        ("1. Problem", "problem"),
        ("12.3.4) Problem", "problem"),
        ("1 – Problem", "problem"),  # noqa: RUF001 - a dash as writers type it
        ("IV. Problem", "problem"),
        ("ii) Problem", "problem"),
        ("I did it", "i did it"),
        ("vi is an editor", "vi is an editor"),
        ("2006", "2006"),
        ("3D printing", "3d printing"),
        ("Straße", "strasse"),
        ("Ergebnis & Wirkung", "ergebnis wirkung"),
        ("学んだこと！", "学んだこと"),  # noqa: RUF001 - as it is written there
        ("snake_case_heading", "snake case heading"),
        ("…", ""),
        ("", ""),
    ],
)
def test_a_heading_is_folded_to_its_words(heading: str, folded: str) -> None:
    assert normalize(heading) == folded
    assert normalize(folded) == folded


@pytest.mark.parametrize(
    "heading", ["What didn't work", "What didn\u2019t work", "what didnt work", "What did not work"]
)
def test_an_apostrophe_may_be_straight_curly_or_missing(heading: str) -> None:
    assert KindTable().kind_of([heading]) is Kind.FAILURE


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ([], Kind.OTHER),
        (["The brochure"], Kind.OTHER),
        (["Impact"], Kind.IMPACT),
        (["The brochure", "Problem"], Kind.PROBLEM),
        (["Problem", "The brochure"], Kind.PROBLEM),
        (["Problem", "Impact"], Kind.IMPACT),
        (["Problem", "Impact", "Sales", "North"], Kind.IMPACT),
        (["Lessons learned", "What went wrong", "The pager"], Kind.FAILURE),
        (["Impact", ""], Kind.IMPACT),
        ([""], Kind.OTHER),
        (["…"], Kind.OTHER),
    ],
)
def test_the_nearest_recognised_heading_decides(path: list[str], kind: Kind) -> None:
    assert KindTable().kind_of(path) is kind
    assert KindTable().kind_of(tuple(path)) is kind
    assert KindTable().kind_of(iter(path)) is kind


@pytest.mark.parametrize("heading", ["Problems with impact", "Impact of the storm", "A method", "Toolbox", "Who"])
def test_a_heading_that_merely_contains_a_name_is_not_recognised(heading: str) -> None:
    assert KindTable().kind_of([heading]) is Kind.OTHER


@pytest.mark.parametrize(
    ("further", "heading", "kind"),
    [
        ({"method": ["Playbook"]}, "Playbook", Kind.METHOD),
        ({"method": ["Play-book:"]}, "2. play book", Kind.METHOD),
        ({"method": ["Playbook"]}, "Impact", Kind.IMPACT),
        ({"tool": ["Recommendations"]}, "Recommendation(s)", Kind.TOOL),
        ({"tool": ["Recommendations"]}, "Recommendation", Kind.METHOD),
        ({"other": ["Summary"]}, "Summary", Kind.OTHER),
        ({"people": ["Ansprechpartner", "連絡先"]}, "連絡先", Kind.PEOPLE),
        ({"tool": []}, "Tools", Kind.TOOL),
    ],
)
def test_configured_headings_are_added_and_win(further: Mapping[str, list[str]], heading: str, kind: Kind) -> None:
    assert KindTable(further).kind_of([heading]) is kind
    assert KindTable().kind_of(["Playbook"]) is Kind.OTHER, "one table does not change another"


def test_a_heading_configured_as_other_ends_the_kind_above_it() -> None:
    path = ["Problem", "Appendix"]
    assert KindTable().kind_of(path) is Kind.PROBLEM
    assert KindTable({"other": ["Appendix"]}).kind_of(path) is Kind.OTHER


def test_an_unknown_kind_in_the_configuration_is_an_error() -> None:
    with pytest.raises(ValueError, match="'recipes' is not a valid Kind"):
        KindTable({"recipes": ["Recipe"]})


def test_the_kinds_are_those_that_the_format_fixes() -> None:
    assert [kind.value for kind in Kind] == [
        *("problem", "case", "knowledge", "method", "tool", "failure", "impact", "applicability", "people", "other")
    ]


@pytest.mark.parametrize(
    "written",
    [
        *("Problem {#problem}", "Problem {.wide #p}", "Problem {: #problem}", "Problem (in the first quarter)"),
        *("🎯 Problem", "1️⃣ Problem", ":dart: Problem", "Problem 🔥", "⚠️ **Problem**", "[Problem](#p)", "[[x|Problem]]"),
        *(
            "A. Problem",
            "(2) Problem",
            "2.1) Problem",
            "§ 3 Problem",
            "IV. Problem",
            "Problem <a name='p'></a>",
            "Problem:",
        ),
    ],
)
def test_a_heading_is_known_whatever_its_writer_adds_for_looks(written: str) -> None:
    assert KindTable().kind_of([plain_heading(written)]) is Kind.PROBLEM


@pytest.mark.parametrize("written", ["Not a problem (yet)", "Problems of others", "A problem", "Problem {of ours}"])
def test_other_words_are_another_heading(written: str) -> None:
    assert KindTable().kind_of([plain_heading(written)]) is Kind.OTHER
