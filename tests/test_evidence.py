"""Grades of evidence: from design, comparison, sample and repetition, never without their words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ingest.format import DESIGNS, MEASURES
from ingest.lesson import Lesson, impact_of
from kb.lessons.evidence import (
    EVIDENCE_IN_WORDS,
    FEW,
    GRADES,
    KIRKPATRICK,
    SCALE,
    evidence_of,
    evidence_of_lesson,
)

ROOT = Path(__file__).parent.parent
BOTH = {"before": 12, "after": 7}
EXPERIMENT = {"design": "natural-field-experiment", "compared_with": "the depot in Turin"}


@pytest.mark.parametrize(
    ("entry", "shown"),
    [
        ({**BOTH, **EXPERIMENT, "repeated": "two more depots"}, "A, strong: against a matched unit without it, found"),
        (
            {**BOTH, **EXPERIMENT, "control": {"chosen": "at-random"}},
            "A, strong: against a matched unit without it, ch",
        ),
        ({**BOTH, **EXPERIMENT}, "B, good: against a matched unit without it"),
        ({**BOTH, **EXPERIMENT, "n": "5 depots"}, "C, fair: against a matched unit without it, only 5 measured"),
        ({**BOTH, "design": "natural-field-experiment"}, "C, fair: measured before and after"),
        ({**BOTH, "design": "pre-post", "repeated": "two more depots"}, "B, good: measured before and after, found"),
        ({**BOTH, "design": "pre-post", "control": {"chosen": "at-random"}}, "C, fair: measured before and after"),
        ({**BOTH, "design": "pre-post"}, "C, fair: measured before and after"),
        ({"series": {"before": [1, 2, 3], "after": [4]}, "design": "pre-post"}, "C, fair: measured before and after"),
        ({"change": "-20 %", "design": "pre-post", "compared_with": "last year"}, "C, fair: measured before and after"),
        ({"change": "-20 %", "design": "pre-post"}, "E, unproven: comparison not given"),
        ({"after": 7, "target": 8, "design": "objectives-based"}, "D, weak: against the target set beforehand"),
        ({"after": 7, "design": "objectives-based"}, "E, unproven: comparison not given"),
        ({"after": 7, "target": 8, "design": "objectives-based", "n": 3}, "E, unproven: against the target"),
        ({**BOTH, "design": "none", "n": 3}, "E, unproven: no comparison"),
        ({**BOTH}, "C, fair: measured before and after"),
        ({"before": "many", "after": 7, "design": "pre-post"}, "E, unproven: comparison not given"),
        ({"before": "many", "after": 7, **EXPERIMENT, "compared_with": ""}, "E, unproven: comparison not given"),
        ({"before": "3 weeks", "after": "4 days", "design": "pre-post"}, "E, unproven: comparison not given"),
        ({"before": "3 weeks", "after": "4 days", **EXPERIMENT}, "E, unproven: comparison not given"),
        ({"after": 7, "target": "few", "design": "objectives-based"}, "E, unproven: comparison not given"),
        ({"after": 7, "design": "hearsay"}, "E, unproven: no comparison"),
    ],
)
def test_a_grade_says_what_it_rests_on(entry: dict[str, Any], shown: str) -> None:
    assert str(evidence_of(impact_of(entry))).startswith(shown)


@pytest.mark.parametrize(
    "entry",
    [
        {"note": "not measured: no figures were kept"},
        {"metric": "satisfaction", "change": "up", **EXPERIMENT},
        {"metric": "growth", "before": 10, "target": 20, "design": "pre-post"},
        {"metric": "errors", "change": "not stated", "design": "pre-post"},
        {"metric": "errors", "after": "n/a"},
        {"metric": "errors", "series": {"before": [1, 2, 3]}},
        {"metric": "errors", "before": 4, "after": "few", "design": "pre-post"},
        {"metric": "errors", "series": {"before": [1, 2, 3], "after": ["a few"]}},
        {"metric": "errors", "change": "by 20 points or 30", **EXPERIMENT},
        {},
    ],
)
def test_what_gives_no_figure_is_not_measured_and_has_no_grade(entry: dict[str, Any]) -> None:
    assert evidence_of(impact_of(entry)) is None


@pytest.mark.parametrize(
    "repeated",
    ["no", "No.", "not yet", "none", "nothing", "nowhere", "false", "n/a", "0", "-", "to be tried in Turin", False],
)
def test_what_was_not_found_again_raises_no_grade(repeated: object) -> None:
    found = evidence_of(impact_of({**BOTH, "design": "pre-post", "repeated": repeated}))
    assert str(found) == "C, fair: measured before and after"


@pytest.mark.parametrize("repeated", ["two more depots", "Norway", "Nottingham", "no. 3 and no. 4", "yes"])
def test_what_was_found_again_raises_the_grade(repeated: str) -> None:
    found = evidence_of(impact_of({**BOTH, "design": "pre-post", "repeated": repeated}))
    assert found is not None
    assert found.grade == "B"


@pytest.mark.parametrize("change", ["-3", "halved", "no change", "about half", "3x"])
def test_a_change_may_be_a_figure_in_words(change: str) -> None:
    assert evidence_of(impact_of({"change": change}))


def test_the_grade_of_a_lesson_is_that_of_its_best_measured_entry() -> None:
    entries = [{"after": 5}, {"metric": "sales", **EXPERIMENT}, {**BOTH, "design": "pre-post"}]
    found = evidence_of_lesson(Lesson("a.md", "a", "A", {"impact": entries}))
    assert found is not None
    assert found.as_json() == {"grade": "C", "words": "fair: measured before and after"}
    assert evidence_of_lesson(Lesson("a.md", "a", "A", {"impact": [{"note": "not measured"}]})) is None


def test_the_one_table_covers_the_format_and_the_scale() -> None:
    assert tuple(EVIDENCE_IN_WORDS) == DESIGNS
    assert set(KIRKPATRICK) == set(MEASURES)
    assert "".join(GRADES) == SCALE[::-1] == "ABCDE"


def test_the_page_on_impact_has_the_table() -> None:
    page = (ROOT / "docs" / "impact.md").read_text("utf-8")
    for letter, grade in GRADES.items():
        assert f"| {letter} | {grade.strength} | {grade.takes} | {grade.maryland} |\n" in page
    for kind, level in KIRKPATRICK.items():
        assert f"| `{kind}` | {level} |\n" in page
    assert f"fewer than {FEW} cases" in page.replace("\n", " ")
