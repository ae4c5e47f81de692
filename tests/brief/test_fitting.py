"""What of a brief gets a place on the page when not all fits."""

from __future__ import annotations

from ingest.kinds import Kind
from ingest.lesson import Lesson
from kb.brief.brief import Brief, Case, Line, Role
from kb.brief.fitting import fitted
from kb.brief.pages.markdown import LINES, markdown
from kb.brief.statement import Statement
from kb.retrieval.answer import IndexState
from search.engine import Relevance

LESSON = Lesson("a.md", "a", "A", {})
SHORT, LONG = "A short sentence.", f"A {'very ' * 70}long sentence."


def said(text: str = SHORT, line: int = 1) -> Statement:
    return Statement(text, Kind.METHOD, LESSON, line)


def case(*lines: tuple[Role, str]) -> Case:
    shown = tuple(Line(role, said(text, at)) for at, (role, text) in enumerate(lines, 1))
    return Case(LESSON, Relevance.ANSWERS, shown)


def brief(**parts: object) -> Brief:
    state = IndexState("", "", 1, 1)
    return Brief("a problem", Relevance.ANSWERS, state, (), **parts)  # type: ignore[arg-type]


def lines(made: Brief) -> int:
    return len(markdown(made).split("\n"))


def test_what_fits_is_all_kept() -> None:
    made = brief(cases=(case((Role.DID, SHORT), (Role.LEARNED, SHORT)),), steps=(said(), said()), unknown=("all",))
    assert fitted(made) == made


def test_the_page_is_filled_but_never_longer_than_its_room() -> None:
    cases = tuple(case(*((role, LONG) for role in Role for _ in range(3))) for _ in range(3))
    made = brief(cases=cases, tools=(said(LONG),) * 9, steps=(said(LONG),) * 9, failures=(said(LONG),) * 3)
    for room in range(12, LINES + 1):
        assert lines(fitted(made, room)) <= room
    assert lines(fitted(made)) > LINES - 8


def test_a_step_has_no_place_without_the_one_before_it() -> None:
    made = brief(steps=(said(), said(LONG), said(), said()))
    kept = [fitted(made, room).steps for room in range(10, 24)]
    assert all(steps == made.steps[: len(steps)] for steps in kept)
    assert {len(steps) for steps in kept} >= {1, 4}


def test_a_sentence_of_a_case_has_no_place_without_the_one_of_its_kind_before_it() -> None:
    made = brief(cases=(case((Role.DID, LONG), (Role.DID, SHORT), (Role.LEARNED, SHORT)),))
    texts = [line.said.text for line in fitted(made, 13).cases[0].lines if isinstance(line.said, Statement)]
    assert texts == [SHORT]
    assert [line.role for line in fitted(made, 13).cases[0].lines] == [Role.LEARNED]


def test_a_long_line_gets_its_place_later() -> None:
    made = brief(tools=(said(LONG),), steps=(said(),))
    kept = [fitted(made, room) for room in range(10, 30)]
    assert any(one.steps and not one.tools for one in kept)
    assert not any(one.tools and not one.steps for one in kept), "a short tool would come before the steps"


def test_lines_of_a_case_stand_in_the_order_in_which_they_are_read() -> None:
    learned, early, late = case((Role.LEARNED, "B learned."), (Role.DID, "C did."), (Role.DID, "D did.")).lines
    later_first = case()._replace(lines=(learned, late, early))
    shown = fitted(brief(cases=(later_first,))).cases[0].lines
    assert [line.said.text for line in shown if isinstance(line.said, Statement)] == ["C did.", "D did.", "B learned."]
