"""The problem in one line, the steps of a method, and the line on which a sentence stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.kinds import Kind
from ingest.lesson import Lesson
from ingest.passages.passage import Origin, Passage
from kb.brief.lines import lines_of
from kb.brief.problem import in_one_line
from kb.brief.statement import Statement
from kb.brief.steps import steps_in
from search.query import terms

INFORMATION = dict.fromkeys(terms("pump seal leak"), 1.0)
MAIL = "From: Ann <ann@example.org>\nTo: pump leak seal <pump@example.org>\nSubject: {}\n\n"


def test_a_short_problem_is_its_line() -> None:
    assert in_one_line("the pump\n has  a leak", INFORMATION) == "the pump has a leak"


def test_a_mail_is_called_by_its_subject_if_that_says_something() -> None:
    body = "Dear all,\n\nthe seal of the pump has a leak.\n"
    assert in_one_line(MAIL.format("AW: leak in the seal") + body, INFORMATION) == "leak in the seal"
    assert in_one_line(MAIL.format("AW: help") + body, INFORMATION) == "the seal of the pump has a leak."


def test_a_subject_alone_is_that_of_a_mail_too() -> None:
    assert in_one_line("Subject: leak in the seal\n\nwho had that?\n", INFORMATION) == "leak in the seal"
    page = "Subject: leak in the seal\nand in the pump\n"
    assert in_one_line(page, INFORMATION) == "Subject: leak in the seal and in the pump"


def test_neither_a_header_nor_an_answered_mail_is_the_problem() -> None:
    body = "Dear all,\n\nthe seal is lost.\n\nOn 3 Mar 2025 Bob wrote:\n> the pump and the seal and the leak\n"
    assert in_one_line(MAIL.format("help") + body, INFORMATION) == "the seal is lost."


def test_of_a_page_the_most_telling_part_is_taken_and_marked_where_something_is_left_out() -> None:
    page = f"{'It rained all day. ' * 20}\n\nThe pump has a leak. {'Nobody came. ' * 20}"
    assert in_one_line(page, INFORMATION) == "The pump has a leak."
    clauses = f"{'it rained, ' * 20}the pump had a leak in its seal, {'nobody came, ' * 20}and so on."
    found = in_one_line(clauses, INFORMATION)
    assert "the pump had a leak in its seal" in found
    assert (found[0], found[-1]) == ("…", "…")
    assert len(found) <= 152


LESSON = Lesson("lessons/a.md", "a", "A", {})


def items(*marks: str) -> list[Statement]:
    return [Statement(f"Step {at}.", Kind.METHOD, LESSON, at, item=mark) for at, mark in enumerate(marks)]


@pytest.mark.parametrize(
    ("marks", "steps"),
    [
        (["1.", "2.", "3."], [0, 1, 2]),
        (["1.", "", "2.", "", "3)"], [0, 2, 4]),
        (["1.", "2."], []),
        (["1.", "2.", "1.", "2.", "3."], [2, 3, 4]),
        (["-", "-", "-"], []),
        ([f"{number}." for number in range(1, 10)], [0, 1, 2, 3, 4, 5]),
    ],
)
def test_steps_are_the_first_numbered_list_with_enough_items(marks: list[str], steps: list[int]) -> None:
    assert [step.line for step in steps_in(items(*marks))] == steps


WORDS = st.sampled_from(
    ["The", "pump", "had", "no", "seal", "and", "leaked", "Nobody", "*out*", "`the`", "**housing**"]
)
SENTENCES = st.lists(st.lists(WORDS, min_size=4, max_size=8).map(" ".join), min_size=1, max_size=8, unique=True)


@given(SENTENCES, st.lists(st.sampled_from([" ", "\n", "\n\n", "\n- "]), min_size=8, max_size=8), st.integers(0, 50))
def test_each_sentence_is_found_on_its_line(sentences: list[str], between: list[str], first: int) -> None:
    numbered = [f"Number {number} {sentence}." for number, sentence in enumerate(sentences)]
    text = ""
    expected = []
    for sentence, gap in zip(numbered, between, strict=False):
        expected.append(first + 1 + text.count("\n"))
        text += sentence + gap
    passage = Passage(Origin.BODY, Kind.CASE, (), (first, first + text.count("\n")), text, "")
    shown = [sentence.replace("*", "").replace("`", "") for sentence in numbered]
    assert lines_of(shown, passage) == expected


def test_a_row_of_a_table_is_found_with_its_header_before_it() -> None:
    text = "| tool | use |\n|---|---|\n| sheet | lists errors |\n| card | says who |\n"
    passage = Passage(Origin.BODY, Kind.TOOL, (), (10, 14), text, "")
    assert lines_of(["tool, use: card, says who"], passage) == [14]
