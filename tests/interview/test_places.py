"""Where answers go."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.kinds import Kind
from kb.codify.interview.answer_places import design_of
from kb.codify.interview.impact_words import impact_of
from kb.codify.interview.interview import FILING, QUESTIONS
from kb.codify.interview.unclear import Unclear
from kb.codify.interview.written import LessonInProgress
from kb.edit.edit import edited
from kb.edit.sections import Sections
from tests.conftest import Outcome
from tests.interview.conftest import FRESH, KINDS

ALL = [*QUESTIONS, *FILING]


@given(st.sampled_from(range(len(ALL))), st.text("#*-=`~<>|:[]!. \tab1,@\n'\"", min_size=1))
def test_whatever_is_answered_keeps_headings_and_the_other_answers(number: int, answer: str) -> None:
    lesson = LessonInProgress(FRESH, KINDS, "")
    answer = answer.strip()
    place = ALL[number].place
    try:
        after = LessonInProgress(edited(FRESH, place.edits(lesson, answer)), KINDS, "")
    except Unclear:
        return
    assert not after.reading.problems
    assert [section.headings for section in after.reading.sections] == [
        section.headings for section in lesson.reading.sections
    ]
    for other, question in enumerate(ALL):
        if other != number and {other, number} != {9, 10}:
            assert question.place.answer_in(after) == question.place.answer_in(lesson)


@pytest.mark.parametrize(
    ("answer", "entry"),
    [
        ("returned parcels a week: 40 -> 6", {"metric": "returned parcels a week", "before": 40, "after": 6}),
        ("order time from 12 days to 7", {"metric": "order time", "before": 12, "unit": "days", "after": 7}),
        ("error rate: 9.5 % → 2 %", {"metric": "error rate", "before": "9.5 %", "after": "2 %"}),
        ("costs are down 48 %", {"metric": "costs", "change": "-48%"}),
        ("not measured: nobody counted", {"note": "not measured: nobody counted"}),
    ],
)
def test_what_changed_becomes_an_entry(answer: str, entry: dict[str, object]) -> None:
    assert impact_of(answer) == entry


@pytest.mark.parametrize(
    ("answer", "entry"),
    [
        ("1 region South", {"design": "natural-field-experiment", "compared_with": "region South"}),
        ("2", {"design": "pre-post"}),
        ("3: ten returns a week", {"design": "objectives-based", "target": "ten returns a week"}),
        ("none, nobody counted", {"design": "none", "note": "nobody counted"}),
        ("Pre-post the year before", {"design": "pre-post", "compared_with": "the year before"}),
    ],
)
def test_how_it_is_shown_is_a_number_or_a_name(answer: str, entry: dict[str, str]) -> None:
    assert design_of(answer) == entry


def test_an_answer_below_a_heading_that_is_not_there_brings_it() -> None:
    text = "---\ntitle: T\n---\n\n# T\n\nText."
    after = edited(text, Sections(text, KINDS).answer(Kind.TOOL, "A list."))
    assert after == "---\ntitle: T\n---\n\n# T\n\nText.\n\n## Tools\n\nA list.\n"


def test_what_is_allowed_at_a_place_stays_there() -> None:
    text = "## Tools\n\nOld.\n\n<!-- kb: allow secrets.key: invented -->\n\nMore.\n\n## Impact\n"
    after = edited(text, Sections(text, KINDS).answer(Kind.TOOL, "New."))
    assert after == "## Tools\n\nNew.\n\n<!-- kb: allow secrets.key: invented -->\n\n\n## Impact\n"


def test_a_question_is_bold_and_what_a_lesson_says_in_it_drives_no_terminal(
    ask: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    Path("lessons/a.md").write_text('---\nunit: "No\\e[31mrth" # kb: proposed\nsummary: s\n---\n# A\n', "utf-8")
    done = ask("\n" * 19, "lessons/a.md")
    assert "\x1b[1m1 of 20  What was the problem?\x1b[0m\n" in done.err
    assert "Is this right? unit: No\u241b[31mrth" in done.err
