"""The interview: what is asked in which order, and which questions are still open."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from ingest.kinds import Kind
from kb.codify.answer_places import (
    AsDesign,
    AsImpact,
    AsPeople,
    AsReviewDate,
    InBoth,
    InList,
    InRecord,
    InSection,
    InText,
    Place,
)
from kb.codify.known import TAGS_IN_USE
from kb.codify.proposed import HOW_TO_ANSWER, asks_for_value, proposed_in
from kb.codify.written import Written


@dataclass(frozen=True, slots=True)
class Question:
    """One question."""

    asks: str
    hint: str
    place: Place
    is_long: bool = False
    """Whether an answer may have several lines."""
    offer: Callable[[Written], str] = lambda lesson: ""
    """The answer that `y` stands for; nothing if there is none."""
    asks_more: Callable[[str], str] = lambda answer: ""
    """What to ask after an answer that is only half of one; the second half goes behind it."""


def _in_a_year() -> str:
    today = date.today()
    return f"{today.year + 1}{today.isoformat()[4:]}" if today.isoformat()[5:] != "02-29" else f"{today.year + 1}-02-28"


def _fitting_tags(lesson: Written) -> str:
    """Return the tags in use of which the draft says that they may fit."""
    found = re.search(rf"^tags:\s*# kb: {re.escape(TAGS_IN_USE)} \[(.+)\]$", lesson.text, re.MULTILINE)
    return found[1] if found else ""


QUESTIONS: Sequence[Question] = (
    Question("What was the problem?", "who had it, and why it could not wait", InSection(Kind.PROBLEM), is_long=True),
    Question("Who pulled it: which sponsor asked for help?", "name, mail or telephone", AsPeople("sponsor")),
    Question("Is the issue of strategic significance?", "yes or no, and why", InRecord("screening", "strategic")),
    Question(
        "Will the solution, or the way it was found, serve others again?",
        "yes or no, and why",
        InRecord("screening", "reusable"),
    ),
    Question("What was done?", "in which order, with whom", InSection(Kind.CASE), is_long=True),
    Question(
        "What do you know now about the matter that you did not know before?",
        "what surprised you",
        InSection(Kind.KNOWLEDGE),
        is_long=True,
    ),
    Question(
        "How did you work it out?",
        "sessions, analyses, talks: what another team would do again",
        InSection(Kind.METHOD),
        is_long=True,
    ),
    Question(
        "Which tools can be used again, and where are they?",
        "checklists, sheets, scripts; one on each line",
        InSection(Kind.TOOL),
        is_long=True,
    ),
    Question("What did not work?", "what you would not try again", InSection(Kind.FAILURE), is_long=True),
    Question(
        "What changed, from what to what?",
        "returned parcels a week: 40 -> 6; if it is not measured, why not",
        AsImpact(),
    ),
    Question(
        "How is that shown?",
        "1 a like unit without it   2 the time before   3 a target set before   4 not\n"
        "a number, then against what: 2 the three months before",
        AsDesign(),
    ),
    Question(
        "When should it be used again?",
        "one condition on each line",
        InBoth(Kind.APPLICABILITY, "applies_when"),
        is_long=True,
    ),
    Question(
        "What would somebody with this problem type to find help?",
        "three to six sentences in their words, one on each line",
        InList("answers"),
        is_long=True,
    ),
    Question("Whom can others ask?", "name, mail or telephone; one on each line", AsPeople("contact"), is_long=True),
)
"""In the order of an intervention."""

FILING: Sequence[Question] = (
    Question("What is all that in short?", "two or three sentences for a reader in a hurry", InText("summary")),
    Question("In which unit or company did it happen?", "its name", InText("unit")),
    Question("Under which words is it kept?", "a few, with commas", InList("tags", ", "), offer=_fitting_tags),
    Question(
        "When must somebody look whether it is still true?", "a date", AsReviewDate(), offer=lambda lesson: _in_a_year()
    ),
)
"""What the library needs; some of it may be known from the beginning."""


def questions_for(lesson: Written) -> Sequence[Question]:
    """Return all questions, those about what was proposed and nobody has confirmed last."""
    doubts = (
        Question(f"Is this right? {found.shown}", f"{found.source}\n{HOW_TO_ANSWER}", found, asks_more=asks_for_value)
        for found in proposed_in(lesson)
    )
    return [*QUESTIONS, *FILING, *doubts]


def open_questions(lesson: Written, questions: Sequence[Question]) -> list[int]:
    """Return the questions to ask: those after the last that has been answered, then those that were skipped."""
    answered = [bool(question.place.said(lesson)) for question in questions]
    after = max((number + 1 for number in range(len(QUESTIONS)) if answered[number]), default=0)
    order = [*range(after, len(answered)), *range(after)]
    return [number for number in order if not answered[number]]
