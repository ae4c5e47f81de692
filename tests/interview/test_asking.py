"""Answers are where they belong, and what is still open is asked."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from ingest.kinds import Kind
from ingest.reading import read_lesson
from kb.codify.interview.written import LessonInProgress
from kb.edit.sections import Sections
from tests.conftest import Outcome, Run
from tests.interview.conftest import ANSWERS, FRESH, KINDS, only_lesson, still_open


def test_answers_are_where_they_belong_and_the_rest_is_still_asked_for(ask: Callable[..., Outcome]) -> None:
    done = ask(ANSWERS, "Wrong labels")
    assert (done.code, done.out) == (0, f"lessons/{date.today()}-wrong-labels.md\n")
    assert "1 of 19  What was the problem?" in done.err
    assert "kb: 5 answers saved; to go on: kb new --ask lessons/" in done.err
    reading = read_lesson(only_lesson().read_bytes(), "a.md", "a", KINDS)
    assert not reading.problems
    sections = Sections(reading.text, KINDS)
    assert sections.text_of(Kind.PROBLEM) == "Forty parcels a week came back.\n\\# of complaints: 12"
    assert sections.text_of(Kind.CASE) == "We walked along with ten parcels."
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
    assert re.findall(r"^\S*(\d+) of 19", done.err, re.MULTILINE) == ["7", "8"]
    by_id = ask("", only_lesson().stem)
    assert (by_id.code, by_id.out) == (0, f"{only_lesson()}\n")
    assert "8 of 19" in by_id.err
    without_design = [number for number in range(7, 19) if number != 10]  # there is no figure yet
    assert still_open(LessonInProgress(only_lesson().read_text(), KINDS, "")) == [*without_design, 3]


COMPLETE = """\
Parcels came back.

Max Boss, max@example.org
yes: dealers leave
yes: any label
We walked.

The printer skips lines.

Two workshops.

A checklist.

Reading twice.

labels a week: 40 -> 6
2 the months before
41 39 40 -> 6 7
when labels are printed

parcels come back

Max Packer, 0221 1234

Fewer labels are wrong.
shipping, printing
y
none

less
y
"""


def test_who_answers_all_has_a_lesson_that_can_be_validated(ask: Callable[..., Outcome], kb: Run) -> None:
    Path("lessons/other.md").write_text("---\nunit: North\n---\nText.\n")
    done = ask(COMPLETE, "Wrong labels")
    id_ = f"{date.today()}-wrong-labels"
    assert (
        "\nkb: 20 answers saved\nkb: this is how it will look when it is found:\n1. Wrong labels [draft]\n" in done.err
    )
    assert done.err.endswith(f"\nkb: nothing required is missing: kb promote {id_}\n")
    text = Path(f"lessons/{id_}.md").read_text()
    assert "kb:" not in text
    assert f"\ntags: [shipping, printing]\nunit: North\ndate: {date.today()}\n" in text
    assert f"\nreview_by: {date.today().year + 1}-" in text
    assert kb(None, "promote", id_).code == 0
    assert f"{id_}.md" not in kb(None, "check").out


def test_what_is_missing_for_promotion_is_named_in_one_line(ask: Callable[..., Outcome]) -> None:
    done = ask(ANSWERS, "Wrong labels")
    last = done.err.splitlines()[-1]
    saved = next(line for line in done.err.splitlines() if "saved" in line and line.startswith("kb: "))
    promote, again = f"kb promote {date.today()}-wrong-labels", f"kb new --ask {only_lesson()}"
    assert saved == f"kb: 5 answers saved; to go on: {again}"
    assert last == f"kb: before `{promote}` it must say: screening, impact, review_by, method"


def test_an_id_is_found_wherever_its_file_lies(ask: Callable[..., Outcome]) -> None:
    Path("lessons/2006").mkdir()
    Path("lessons/2006/a.md").write_text("---\nid: labels\nstatus: draft\n---\n# Labels\n")
    assert ask("", "labels").out == "lessons/2006/a.md\n"
    assert len(list(Path("lessons").iterdir())) == 1


@pytest.mark.parametrize("word", ["2026-11-26-inv", "2026-11-26-invoices-are-payed-twice", "invoices-are", "2026"])
def test_a_word_that_is_nearly_an_id_begins_no_lesson(ask: Callable[..., Outcome], word: str) -> None:
    id_ = "2026-11-26-invoices-are-paid-twice"
    for name, status in (("2026-11-26-invoices-are-old", "retired"), (id_, "draft")):
        Path(f"lessons/{name}.md").write_text(f"---\nid: {name}\nstatus: {status}\n---\n# Invoices\n")
    said = f"no draft has the id {word}; did you mean {id_}? for a new lesson give its title in words"
    assert ask("", word) == Outcome(2, "", f"kb: {said}\n")
    assert ask("", "Invoices").out == f"lessons/{date.today()}-invoices.md\n"


def test_a_question_mark_shows_the_keys_and_is_no_answer(ask: Callable[..., Outcome]) -> None:
    done = ask("?\nIt leaked.\n?\nA lot.\n\n?\nAnn\n.\n", "Wrong labels")
    assert done.err.count("Enter alone skips a question, < goes back, . stops, ? shows this again.") == 4
    lesson = LessonInProgress(only_lesson().read_text(), KINDS, "")
    assert lesson.sections.text_of(Kind.PROBLEM) == "It leaked.\nA lot."
    assert "?" not in lesson.text.partition("people:")[2].partition("screening")[0]
    assert max(map(len, done.err.split("kb: ")[0].splitlines())) <= 80


def test_only_a_lesson_of_the_library_is_gone_on_with(ask: Callable[..., Outcome], kb: Run) -> None:
    Path("notes.md").write_text("Mine.\n")
    done = ask("Parcels.\n\n", "notes.md")
    said = "kb: notes.md: no lesson of this knowledge base; to begin one from it: kb new --from notes.md --ask\n"
    assert (done, Path("notes.md").read_text()) == (Outcome(2, "", said), "Mine.\n")
    assert kb(None, "new", "notes.md").code == 2
    draft = Path("lessons/a.md")
    draft.write_text("# A\n")
    assert "--from begins a new lesson" in ask("", "--from", "notes.md", str(draft)).err


def test_back_shows_what_was_said_and_the_new_answer_replaces_it(ask: Callable[..., Outcome]) -> None:
    done = ask("<\nOld.\n\n<\nNew.\n\nAnn\n<\n\n.\n", "Wrong labels")
    assert "so far: Old.; Enter keeps it" in done.err
    assert "so far: Ann; Enter keeps it" in done.err
    text = only_lesson().read_text()
    assert ("Old." in text, "New." in text, "- name: Ann\n    role: sponsor\n" in text) == (False, True, True)


def test_what_cannot_be_an_answer_is_asked_again(ask: Callable[..., Outcome]) -> None:
    done = ask("\n" * 9 + "parcels a week: 40 -> 6\nwell\n2 the months before\n.\n", "Wrong labels")
    assert done.err.count("11 of 19") == 2
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


def test_a_front_matter_that_cannot_be_read_is_said_before_the_first_question(ask: Callable[..., Outcome]) -> None:
    draft = Path("lessons/a.md")
    draft.write_text("---\nstatus: [draft\n---\n# A\n")
    done = ask("Parcels.\n\n", str(draft))
    assert (done.code, done.err.count("\n")) == (3, 1)
    assert done.err.startswith("kb: lessons/a.md:2: front matter is not YAML")
