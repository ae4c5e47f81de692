"""The figures that a design needs are asked for only then, and go where `kb impact` reads them."""

from __future__ import annotations

from typing import Any

import pytest

from ingest.kinds import KindTable
from kb.codify.interview.answer_places import AsDesign, asked_after_design, impact_entry
from kb.codify.interview.better import AsBetter
from kb.codify.interview.interview import is_open, questions_for
from kb.codify.interview.unclear import Unclear
from kb.codify.interview.written import LessonInProgress

TEXT = "---\nimpact:\n  - metric: complaints\n    before: 41\n    after: 26\n---\n# A\n"


def entry_after(answer: str) -> dict[str, Any]:
    lesson = LessonInProgress(TEXT, KindTable(), "lessons/a.md")
    found = impact_entry(lesson.edited(AsDesign().edits(lesson, answer)), 0)
    return {key: value for key, value in found.items() if key not in ("metric", "before", "after")}


@pytest.mark.parametrize(
    ("answer", "asked"), [("1 Turin", True), ("2", True), ("3 40", False), ("4", False), ("", False)]
)
def test_only_a_design_that_needs_figures_is_asked_for_them(answer: str, asked: bool) -> None:
    assert bool(asked_after_design(answer)) == asked


@pytest.mark.parametrize(
    ("answer", "entry"),
    [
        ("2 last year", {"design": "pre-post", "compared_with": "last year"}),
        ("2\n41 39, 44.5 -> 30 26", {"design": "pre-post", "series": {"before": [41, 39, 44.5], "after": [30, 26]}}),
        (
            "1 Turin\n11 -> 10.5",
            {"design": "natural-field-experiment", "compared_with": "Turin", "control": {"before": 11, "after": 10.5}},
        ),
        (
            "1\n11 12 -> 10",
            {"design": "natural-field-experiment", "control": {"series": {"before": [11, 12], "after": [10]}}},
        ),
        ("3 40", {"design": "objectives-based", "target": "40"}),
    ],
)
def test_figures_become_a_series_or_a_control(answer: str, entry: dict[str, Any]) -> None:
    assert entry_after(answer) == entry


@pytest.mark.parametrize("figures", ["41 39", "41 -> many", "about 41 -> 30", "-> 3", "1 -> 2 -> 3"])
def test_what_is_no_row_of_figures_is_asked_again(figures: str) -> None:
    with pytest.raises(Unclear):
        entry_after(f"2\n{figures}")


@pytest.mark.parametrize(
    ("figure", "asked"),
    [
        ("metric: complaints\n    before: 41\n    after: 26", False),
        ("metric: complaints\n    before: 26\n    after: 41", True),
        ("metric: widgets\n    before: 26\n    after: 41", True),
        ("metric: widgets\n    better: more\n    before: 26\n    after: 41", False),
        ("metric: widgets\n    note: nobody counted", False),
    ],
)
def test_which_direction_is_good_is_asked_only_where_it_is_unknown_or_would_be_a_loss(figure: str, asked: bool) -> None:
    lesson = LessonInProgress(f"---\nimpact:\n  - {figure}\n---\n# A\n", KindTable(), "lessons/a.md")
    (question,) = [each for each in questions_for(lesson) if each.is_extra and each.place.where(lesson) == 0]  # type: ignore[attr-defined]
    assert is_open(lesson, question) == asked
    answered = lesson.edited(question.place.edits(lesson, "Less."))
    assert AsBetter().answer_in(answered) == "less"
    with pytest.raises(Unclear, match="answer less or more"):
        question.place.edits(lesson, "fewer")
