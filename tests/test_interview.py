"""`kb new --ask`: one question after the other, each answer in the file before the next, and nothing else changed."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.kinds import Kind, KindTable
from ingest.reading import read_lesson
from kb.codify.draft import Draft
from kb.codify.interview import QUESTIONS, Unclear, design_of, impact_of, open_questions
from kb.codify.template import template_named
from kb.codify.written import Written, rewrite
from kb.edit.edit import Edit, edited
from kb.edit.sections import Sections
from kb.errors import CannotWrite
from tests.conftest import Make, Outcome, Run
from tests.test_bad_worlds import files_up_to

KINDS = KindTable()
FRESH = template_named("lesson", Path("/nonexistent"), KINDS).filled(
    Draft({"title": "T", "people": [{"name": "Jane Doe", "role": "learning-professional"}]}), KINDS
)
ANSWERS = """\
Forty parcels a week came back.
# of complaints: 12

Ann Roe, ann@example.org
yes: every return costs 12 EUR

We walked along with ten parcels.

Labels were printed too early.

.
"""


@pytest.fixture
def ask(make: Make, kb: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Outcome]:
    """Hold an interview with what stands in a file as stdin."""
    monkeypatch.chdir(make())
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Jane Doe")
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "jane@example.org")

    def ask(typed: str, *arguments: str) -> Outcome:
        (tmp_path / "typed").write_text(typed)
        with monkeypatch.context() as patch, (tmp_path / "typed").open() as stdin:
            patch.setattr(sys, "stdin", stdin)
            return kb(None, "new", "--ask", *arguments)

    return ask


def only_lesson() -> Path:
    (path,) = Path("lessons").iterdir()
    return path


def test_answers_are_where_they_belong_and_the_rest_is_still_asked_for(ask: Callable[..., Outcome]) -> None:
    done = ask(ANSWERS, "Wrong labels")
    assert (done.code, done.out) == (0, f"lessons/{date.today()}-wrong-labels.md\n")
    assert "1 of 14  What was the problem?" in done.err
    assert "kb: 5 answers saved; to go on: kb new --ask lessons/" in done.err
    reading = read_lesson(only_lesson().read_bytes(), "a.md", "a", KINDS)
    assert reading.problem is None
    sections = Sections(reading.text, KINDS)
    assert sections.said(Kind.PROBLEM) == "Forty parcels a week came back.\n\\# of complaints: 12"
    assert sections.said(Kind.CASE) == "We walked along with ten parcels."
    assert [(person.name, person.role, person.contact) for person in reading.lesson.people] == [
        ("Jane Doe", "learning-professional", "jane@example.org"),
        ("Ann Roe", "sponsor", "ann@example.org"),
    ]
    assert reading.lesson.metadata["screening"] == {"strategic": "yes: every return costs 12 EUR", "reusable": None}
    assert reading.text.count("<!-- kb:") == FRESH.count("<!-- kb:") - 3
    assert "strategic: # kb" not in reading.text


def test_it_goes_on_where_it_stopped_and_then_asks_what_was_skipped(ask: Callable[..., Outcome]) -> None:
    ask(ANSWERS, "Wrong labels")
    done = ask("Walking.\n\n.\n", str(only_lesson()))
    assert re.findall(r"^\S*(\d+) of 14", done.err, re.MULTILINE) == ["7", "8"]
    by_id = ask("", only_lesson().stem)
    assert (by_id.code, by_id.out) == (0, f"{only_lesson()}\n")
    assert "8 of 14" in by_id.err
    assert open_questions(Written(only_lesson().read_text(), KINDS, "")) == [*range(7, 14), 3]


def test_back_shows_what_was_said_and_the_new_answer_replaces_it(ask: Callable[..., Outcome]) -> None:
    done = ask("<\nOld.\n\n<\nNew.\n\nAnn\n<\n\n.\n", "Wrong labels")
    assert "so far: Old.; Enter keeps it" in done.err
    assert "so far: Ann; Enter keeps it" in done.err
    text = only_lesson().read_text()
    assert ("Old." in text, "New." in text, "- name: Ann\n    role: sponsor\n" in text) == (False, True, True)


def test_what_cannot_be_an_answer_is_asked_again(ask: Callable[..., Outcome]) -> None:
    done = ask("\n" * 9 + "parcels a week: 40 -> 6\nwell\n2 the months before\n.\n", "Wrong labels")
    assert done.err.count("11 of 14") == 2
    assert "  begin with 1, 2, 3 or 4\n" in done.err
    (impact,) = read_lesson(only_lesson().read_bytes(), "a.md", "a", KINDS).lesson.impact
    assert (impact.metric, impact.before, impact.after) == ("parcels a week", "40", "6")
    assert (impact.design, impact.compared_with) == ("pre-post", "the months before")


def test_the_first_line_is_the_title_where_none_was_given(ask: Callable[..., Outcome]) -> None:
    assert ask("Wrong labels\n.\n").code == 0
    assert "title: Wrong labels\n" in only_lesson().read_text()
    assert ask("").code == 2


def test_a_path_that_is_not_there_is_no_title(ask: Callable[..., Outcome]) -> None:
    done = ask("", "lessons/no.md")
    assert done == Outcome(
        2, "", "kb: lessons/no.md: no such file; give the path of a draft, or a title for a new one\n"
    )


def test_a_full_disk_leaves_the_draft_as_it_was(ask: Callable[..., Outcome]) -> None:
    ask("", "Wrong labels")
    before = only_lesson().read_bytes()
    with files_up_to(1000):
        done = ask("Parcels.\n\n", str(only_lesson()))
    assert done.code == 3
    assert done.err.splitlines()[-1] == f"kb: {only_lesson()}: file too large; nothing was written"
    assert only_lesson().read_bytes() == before


def test_ctrl_c_keeps_what_was_answered(ask: Callable[..., Outcome], kb_process: Callable[..., list[str]]) -> None:
    pipe = subprocess.PIPE
    command = kb_process("new", "--ask", "Wrong labels")
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdin
        assert process.stderr
        process.stdin.write("Parcels came back.\n\n")
        process.stdin.flush()
        said = ""
        while "2 of 14" not in said:
            said += process.stderr.readline()
        process.send_signal(signal.SIGINT)
        said += process.stderr.read()
    assert process.returncode == 130
    assert said.endswith(f"kb: interrupted; 1 answer saved; to go on: kb new --ask {only_lesson()}\n")
    assert "Parcels came back." in only_lesson().read_text()


def test_what_somebody_else_writes_meanwhile_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(FRESH.replace("\n", "\r\n").encode())
    others = iter(["\r\nFirst.\r\n", "\r\nSecond.\r\n"])

    def edits(lesson: Written) -> list[Edit]:
        with path.open("ab") as file:  # between reading and writing
            file.write(next(others, "").encode())
        return QUESTIONS[0].place.edits(lesson, "Parcels came back.")

    rewrite(path, KINDS, edits)
    text = path.read_bytes().decode()
    assert text.endswith("\r\nFirst.\r\n\r\nSecond.\r\n")
    assert "## Problem\r\n\r\nParcels came back.\r\n\r\n## What was done\r\n" in text


def test_a_file_that_is_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(CannotWrite, match="no such file"):
        rewrite(tmp_path / "a.md", KINDS, lambda lesson: [])


# Where answers go


@given(st.sampled_from(range(len(QUESTIONS))), st.text("#*-=`~<>|:[]!. \tab1,@\n'\"", min_size=1))
def test_whatever_is_answered_keeps_headings_and_the_other_answers(number: int, answer: str) -> None:
    lesson = Written(FRESH, KINDS, "")
    answer = answer.strip()
    place = QUESTIONS[number].place
    try:
        after = Written(edited(FRESH, place.edits(lesson, answer)), KINDS, "")
    except Unclear:
        return
    assert after.reading.problem is None
    assert [section.headings for section in after.reading.sections] == [
        section.headings for section in lesson.reading.sections
    ]
    for other, question in enumerate(QUESTIONS):
        if other != number and {other, number} != {9, 10}:
            assert question.place.said(after) == question.place.said(lesson)


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
