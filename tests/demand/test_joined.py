"""What was asked, where other commands use it: `kb stale`, `kb map`, `kb reuse`, the interview."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kb.codify.interview.interview import USED_LESSONS, open_questions, questions_for
from kb.codify.interview.written import LessonInProgress
from kb.demand.noting.asked import Verdict
from kb.knowledge_base import KnowledgeBase
from tests.conftest import Make, Run, write
from tests.demand.test_gaps import LESSONS, RECORD, ask
from tests.interview.conftest import KINDS
from tests.interview.test_used_lessons import DRAFT, Typed


@pytest.fixture
def base(indexed: Make) -> Path:
    return indexed(LESSONS, RECORD)


def missed(kb: Run, base: Path) -> list[tuple[str, str]]:
    lessons: list[dict[str, Any]] = json.loads(kb(base, "stale", "--json").out)["lessons"]
    return [(one["id"], each["command"]) for one in lessons for each in one["reasons"] if each["cause"] == "not-found"]


def test_a_lesson_that_three_questions_came_near_to_and_none_found_is_stale(base: Path, kb: Run) -> None:
    for text in ("sticky paper", "sticky paper", "stickers on boxes", "tags on parcels"):
        assert missed(kb, base) == []
        ask(base, text, "wrong-labels", "presses")
    assert missed(kb, base) == [("wrong-labels", "kb correct 'sticky paper' wrong-labels")]
    ask(base, "wrong label", "presses", "wrong-labels", verdict=Verdict.MAY_HELP)
    assert missed(kb, base) == []


def test_a_lesson_that_was_opened_was_found(base: Path, kb: Run) -> None:
    for text in ("sticky paper", "stickers on boxes", "tags on parcels"):
        ask(base, text, "wrong-labels")
    KnowledgeBase(base).demand.mark_reused("wrong-labels")
    assert missed(kb, base) == []


def test_what_is_older_than_a_year_does_not_count(base: Path, kb: Run) -> None:
    for text in ("sticky paper", "stickers on boxes", "tags on parcels"):
        ask(base, text, "wrong-labels", days=400)
    assert missed(kb, base) == []
    assert KnowledgeBase(base).demand.asked_for() == {}


def test_it_is_counted_how_often_a_lesson_was_found_first(base: Path) -> None:
    for text in ("wrong label", "wrong label", "old press"):
        ask(base, text, "presses" if "press" in text else "wrong-labels", verdict=Verdict.ANSWERS)
    ask(base, "nothing is found")
    assert KnowledgeBase(base).demand.asked_for() == {"wrong-labels": 2, "presses": 1}


def test_a_recorded_use_is_the_best_judgement_of_a_question(base: Path, kb: Run, tmp_path: Path) -> None:
    ask(base, "parcels return", "wrong-labels", "presses", verdict=Verdict.MAY_HELP)
    assert kb(base, "reuse", "wrong-labels", "--in", "Depot West", "--outcome", "helped").code == 0
    demand = KnowledgeBase(base).demand
    demand.write_collection(tmp_path / "queries", tmp_path / "qrels")
    assert (tmp_path / "qrels").read_text("utf-8").splitlines()[1:] == ["q1\twrong-labels\t2"]


def reused(base: Path, folder: Path) -> list[str]:
    """Return the lessons that were reused after a question, by the log."""
    KnowledgeBase(base).demand.write_collection(folder / "queries", folder / "qrels")
    rows = [line.split("\t") for line in (folder / "qrels").read_text("utf-8").splitlines()[1:]]
    return [lesson for _, lesson, grade in rows if grade == "2"]


def test_a_use_that_is_told_when_a_lesson_is_promoted_counts_as_one_of_kb_reuse(
    base: Path, kb: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    write(base, "boxes.md", DRAFT)
    ask(base, "parcels return", "wrong-labels", "presses")
    monkeypatch.setattr(sys, "stdin", Typed("wrong-labels helped\nboxes helped\n\n"))
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert kb(base, "promote", "boxes").code == 0
    assert reused(base, tmp_path) == ["wrong-labels"]


def test_a_use_that_is_told_in_the_interview_counts_once(
    base: Path, kb: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = write(base, "boxes.md", DRAFT)
    ask(base, "parcels return", "wrong-labels", "presses")
    lesson = LessonInProgress(DRAFT, KINDS, "boxes.md")
    questions = questions_for(lesson)
    skipped = [questions[number] for number in open_questions(lesson, questions)].index(USED_LESSONS)
    monkeypatch.setattr(sys, "stdin", Typed("\n" * skipped + "wrong-labels did not help\n\n.\n"))
    assert kb(base, "new", "--ask", str(path)).code == 0
    assert reused(base, tmp_path) == ["wrong-labels"]


def test_a_use_that_is_written_in_an_editor_counts_and_one_that_stood_there_does_not(
    base: Path, tmp_path: Path
) -> None:
    before = "reused: [{lesson: presses, outcome: helped}]"
    path = write(base, "boxes.md", DRAFT.replace("impact:", f"{before}\nimpact:"))
    for lesson in ("presses", "wrong-labels"):
        ask(base, f"where is {lesson}", lesson)
    with KnowledgeBase(base).drafts(date.today()).open(path).marking_uses():
        after = before.replace("]", ", {lesson: wrong-labels, outcome: partly}]")
        path.write_text(path.read_text("utf-8").replace(before, after), "utf-8")
    assert reused(base, tmp_path) == ["wrong-labels"]
