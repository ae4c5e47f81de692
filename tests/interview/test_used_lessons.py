"""The question which lessons were used: at the end of the interview, and once when a lesson is promoted."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from kb.codify.interview.interview import FILING
from kb.codify.interview.unclear import Unclear
from kb.codify.interview.used_lessons import AsUses, use_of
from kb.codify.interview.written import LessonInProgress
from tests.conftest import Make, Run
from tests.interview.conftest import FRESH, KINDS


@pytest.mark.parametrize(
    ("line", "item"),
    [
        ("wrong-labels helped", ("wrong-labels", "helped")),
        ("- wrong-labels: helped: the checklist, saved 2 days", ("wrong-labels", "helped", "the checklist", "2 days")),
        ("2006/labels partly, only the sheet", ("2006/labels", "partly", "only the sheet")),
        ("a and it helped partly", ("a", "partly")),
        ("a did not help", ("a", "did-not-help")),
        ("a did-not-help no printer there", ("a", "did-not-help", "no printer there")),
        ("a didn't help", ("a", "did-not-help")),
        ("a helped saved a lot", ("a", "helped", "saved a lot")),
    ],
)
def test_a_line_names_a_lesson_and_whether_it_helped(line: str, item: tuple[str, ...]) -> None:
    found = use_of(line)
    assert tuple(found.values()) == item
    assert [*found] == ["lesson", "outcome", "note", "saved"][: len(item)]


@pytest.mark.parametrize("line", ["wrong-labels", "helped", "the labels were of use to us", "wrong labels helped"])
def test_an_unclear_line_is_asked_again(line: str) -> None:
    with pytest.raises(Unclear, match="write the id of a lesson"):
        use_of(line)


def test_it_is_the_last_question_and_none_is_an_answer() -> None:
    place = FILING[-1].place
    assert isinstance(place, AsUses)
    lesson = LessonInProgress(FRESH, KINDS, "x.md")
    assert place.answer_in(lesson) == ""
    without = lesson.edited(place.edits(lesson, "none"))
    assert (without.metadata["reused"], place.answer_in(without)) == ([], "none")
    answered = lesson.edited(place.edits(lesson, "a helped\nb did not help: too slow"))
    assert place.answer_in(answered) == "a (helped)\nb (did not help: too slow)"


DRAFT = """\
---
id: boxes
title: Wrong boxes
status: draft
review_by: 2999-01-01
people:
  - {name: Ana, role: contact, contact: ana@example.org}
screening: {strategic: "yes: x", reusable: "yes: y"}
impact:
  - {area: cost, design: none, note: not measured}
---
# Wrong boxes

## Problem
Boxes are wrong.

## What we learned
Labels are early.

## How we worked
We looked.
"""


class Typed(io.StringIO):
    """What somebody types in a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("typed", "reused"),
    [("nonsense\n\nlabels helped\n\n", [{"lesson": "labels", "outcome": "helped"}]), ("\n", None), ("none\n\n", [])],
)
def test_a_promoted_lesson_is_asked_for_once(
    make: Make, kb: Run, monkeypatch: pytest.MonkeyPatch, typed: str, reused: object
) -> None:
    root = make({"boxes.md": DRAFT, "labels.md": "---\nid: labels\n---\n# Labels\n\nText.\n"})
    monkeypatch.setattr(sys, "stdin", Typed(typed))
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    done = kb(root, "promote", "boxes")
    assert done.code == 0
    assert "Which lessons of this library did you use" in done.err
    text = (root / "lessons" / "boxes.md").read_text("utf-8")
    found = LessonInProgress(text, KINDS, "boxes.md").metadata
    assert (found["status"], found.get("reused")) == ("validated", reused)
    assert ("write the id of a lesson" in done.err) is ("nonsense" in typed)


def test_without_a_terminal_nothing_is_asked(make: Make, kb: Run) -> None:
    root = make({"boxes.md": DRAFT})
    assert "Which lessons" not in kb(root, "promote", "boxes").err
    assert "reused" not in Path(root / "lessons" / "boxes.md").read_text("utf-8")
