"""What was proposed is kept, changed or deleted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kb.codify.interview.interview import FILING, QUESTIONS, questions_for
from kb.codify.interview.unclear import Unclear
from kb.codify.interview.written import LessonInProgress
from kb.edit.edit import edited
from tests.conftest import Outcome
from tests.interview.conftest import FRESH, KINDS, only_lesson


@pytest.mark.parametrize(
    ("answer", "said", "after"),
    [
        ("y", "kept", "tags:\n  - a\npeople:\n  - name: Ann # mine\n# kb: proposed, too\nunit: North\n"),
        ("no", "deleted", "tags:\n  - a\n# mine\n# kb: proposed, too\nunit: North\n"),
    ],
)
def test_what_was_proposed_is_kept_or_deleted(answer: str, said: str, after: str) -> None:
    people = 'people:\n  # kb: proposed from line 3: "Ann"\n  - name: Ann # mine\n'
    lesson = LessonInProgress(f"---\ntags:\n  - a\n{people}# kb: proposed, too\nunit: North\n---\nText.\n", KINDS, "")
    (first, *_), second = questions_for(lesson), questions_for(lesson)[-1]
    assert (first.asks, second.asks) == ("Is this right? people: Ann", "Is this right? unit: North")
    done = LessonInProgress(edited(lesson.text, first.place.edits(lesson, answer)), KINDS, "")
    assert (done.text, first.place.answer_in(done)) == (f"---\n{after}---\nText.\n", said)
    assert second.place.answer_in(done) == ""
    for unclear in ("perhaps", "y es", "n Ann", "c", "c "):
        with pytest.raises(Unclear):
            first.place.edits(lesson, unclear)


FRONT = """\
title: Old # kb: proposed from line 1
tags: # kb: proposed from line 2: "a, b"
  - a
people:
  # kb: proposed from line 3: "Ann"
  - name: Ann
    role: team
date: 2026-05-01 # kb: proposed from line 4
impact:
  # kb: proposed from line 5: "40 -> 6"
  - area:
    before: 40
    after: 6
    design:
"""


@pytest.mark.parametrize(
    ("key", "answer", "before", "after"),
    [
        ("title", "c New: one", "title: Old #", 'title: "New: one"\n'),
        ("title", "change New", "# Old\n", "# New\n"),
        ("tags", "C b, c", "  - a\n", "  - b\n  - c\n"),
        ("people", "c Bo Roe, bo@x.org", "name: Ann", "name: Bo Roe\n    role: team\n    contact: bo@x.org\n"),
        ("date", "c 12 May 2026", "date: 2026-05-01", "date: 2026-05-12\n"),
        ("impact", "c returns: 41 -> 6", "before: 40", "before: 41\n    after: 6\n    design:\n    metric: returns\n"),
    ],
)
def test_what_was_proposed_is_changed(key: str, answer: str, before: str, after: str) -> None:
    lesson = LessonInProgress(f"---\n{FRONT}---\n\n# Old\n\nText.\n", KINDS, "")
    proposal = next(one for one in questions_for(lesson) if one.asks.startswith(f"Is this right? {key}"))
    changed = LessonInProgress(edited(lesson.text, proposal.place.edits(lesson, answer)), KINDS, "")
    assert before in lesson.text
    assert (before in changed.text, after in changed.text) == (False, True)
    assert proposal.place.answer_in(changed) == "kept"
    assert changed.text.count("# kb: proposed") == lesson.text.count("# kb: proposed") - 1


def test_a_change_must_be_what_the_key_can_say() -> None:
    lesson = LessonInProgress(f"---\n{FRONT}---\nText.\n", KINDS, "")
    date = next(one for one in questions_for(lesson) if "date:" in one.asks)
    with pytest.raises(Unclear, match="date"):
        date.place.edits(lesson, "c soon")


def test_proposals_are_confirmed_one_by_one_and_a_wrong_answer_is_asked_again(ask: Callable[..., Outcome]) -> None:
    Path("notes.md").write_text("# Wrong labels\n\nReturns: 40 -> 6 a week\nSponsor: Ann Roe\nDate: 1 May 2026\n")
    done = ask("perhaps\nc\n2 May 2026\nn\n", "--from", "notes.md")
    assert done.err.count("Is this right? date: 2026-05-01") == 2
    assert "  y keeps it, n deletes it, c changes it\n" in done.err
    assert "  What is right?\n" in done.err
    text = only_lesson().read_text()
    assert ("Ann Roe" in text.split("---")[1], "date: 2026-05-02\n" in text) == (False, True)
    assert 'proposed from line 3: "40 -> 6 a week"' in text
    assert "kb: 2 answers saved; to go on: " in done.err


def test_a_proposal_to_which_an_answer_has_added_is_still_asked_about() -> None:
    front = "impact:\n  # kb: proposed from line 3\n  - metric: labels\n    before: 12\n    area:\n"
    lesson = LessonInProgress(f"---\n{front}---\nText.\n", KINDS, "")
    proposal = questions_for(lesson)[0]
    assert proposal.asks == "Is this right? impact: labels: 12 before"
    more = LessonInProgress(edited(lesson.text, QUESTIONS[10].place.edits(lesson, "2")), KINDS, "")
    assert proposal.place.answer_in(more) == ""
    assert "kb:" not in edited(more.text, proposal.place.edits(more, "y"))


def test_a_review_date_is_ahead() -> None:
    lesson = LessonInProgress(FRESH, KINDS, "")
    with pytest.raises(Unclear, match="is not in the future"):
        FILING[3].place.edits(lesson, "2006-05")


def test_tags_in_use_that_fit_are_offered() -> None:
    lesson = LessonInProgress("---\ntags: # kb: in use, and may fit: [label, dealers]\n---\nText.\n", KINDS, "")
    tags = next(question for question in FILING if question.offer(lesson) == "label, dealers")
    after = edited(lesson.text, tags.place.edits(lesson, tags.offer(lesson)))
    assert after.startswith("---\ntags: [label, dealers] #")
