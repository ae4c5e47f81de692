"""The interview: the questions, their order, and which of them are still open."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from ingest.kinds import Kind
from kb.codify.interview.answer_places import (
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
    asked_after_design,
    impact_entry,
    items_of,
)
from kb.codify.interview.better import AsBetter
from kb.codify.interview.followed import Followed
from kb.codify.interview.impact_words import change_in_words
from kb.codify.interview.proposed import HOW_TO_ANSWER, Proposed, Stray, is_proposed, proposed_in
from kb.codify.interview.used_lessons import AsUses
from kb.codify.interview.written import LessonInProgress
from kb.codify.known import TAGS_IN_USE


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the interview."""

    asks: str
    hint: str
    place: Place
    is_long: bool = False
    """Whether an answer may have several lines."""
    offer: Callable[[LessonInProgress], str] = lambda lesson: ""
    """Returns the answer that `y` stands for; empty if there is none."""
    asks_more: Callable[[str], str] = lambda answer: ""
    """Returns a second question if the answer is incomplete; the second answer is appended to the first."""
    more_is_optional: bool = False
    """Whether the second answer may be empty; if there is one, it is on a line of its own."""
    asks_now: Callable[[LessonInProgress], str] | None = None
    """Returns the question in words that fit the present lesson; None to use `asks`."""
    applies: Callable[[LessonInProgress], bool] = lambda lesson: True
    """Returns whether the question is to be asked at present."""
    result: Callable[[LessonInProgress, str], str] = lambda lesson, answer: ""
    """Returns what to show after an answer was written to the file."""
    enter: str = "Enter keeps it"
    """The effect of an empty answer on the answer so far."""
    is_extra: bool = False
    """Whether it is asked only of some lessons, and not counted among the questions."""

    def wording(self, lesson: LessonInProgress) -> str:
        return self.asks_now(lesson) if self.asks_now else self.asks


def _in_a_year() -> str:
    today = date.today()
    return f"{today.year + 1}{today.isoformat()[4:]}" if today.isoformat()[5:] != "02-29" else f"{today.year + 1}-02-28"


def _fitting_tags(lesson: LessonInProgress) -> str:
    """Return the tags that the draft's comment suggests as possibly fitting."""
    found = re.search(rf"^tags:\s*# kb: {re.escape(TAGS_IN_USE)} \[(.+)\]$", lesson.text, re.MULTILINE)
    return found[1] if found else ""


_HOW_SHOWN = """\
1 compared with a similar unit that did not do it
2 compared with the time before
3 compared with a target set beforehand
4 not compared
Type the number and what you compared with: 2 the three months before"""


def _design_question(design: AsDesign) -> Question:
    """Return the question about the design of one figure; it is asked once the figure is confirmed."""

    def asks(lesson: LessonInProgress) -> str:
        change = change_in_words(impact_entry(lesson, design.where(lesson)))
        return f"How do you know that {change}?" if change else "How is it shown?"

    def applies(lesson: LessonInProgress) -> bool:
        number = design.where(lesson)
        return number is not None and not is_proposed(lesson, "impact", number)

    return Question(
        "How is it shown?",
        _HOW_SHOWN,
        design,
        asks_more=asked_after_design,
        more_is_optional=True,
        asks_now=asks,
        applies=applies,
    )


def _better_question(better: AsBetter) -> Question:
    """Return the question whether less or more of a figure is good; it is asked once the figure is confirmed."""

    def applies(lesson: LessonInProgress) -> bool:
        number = better.where(lesson)
        return number is not None and not is_proposed(lesson, "impact", number) and better.is_needed(lesson)

    return Question(
        "Which is better: less or more?",
        "less or more",
        better,
        asks_now=better.question,
        applies=applies,
        is_extra=True,
    )


QUESTIONS: Sequence[Question] = (
    Question("What was the problem?", "who had it, and why it could not wait", InSection(Kind.PROBLEM), is_long=True),
    Question("Who asked for help (the sponsor)?", "name, mail or telephone", AsPeople("sponsor")),
    Question("Is the issue of strategic significance?", "yes or no, and why", InRecord("screening", "strategic")),
    Question(
        "Can others use the solution, or the way it was found, again?",
        "yes or no, and why",
        InRecord("screening", "reusable"),
    ),
    Question("What was done?", "in which order, with whom", InSection(Kind.CASE), is_long=True),
    Question(
        "What do you know now that you did not know before?",
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
    _design_question(AsDesign()),
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

USED_LESSONS = Question(
    "Which lessons of this library did you use, and did they help?",
    "one on each line: wrong-labels helped, or partly, or did not help; none if you used none",
    AsUses(),
    is_long=True,
)
FILING: Sequence[Question] = (
    Question("What is the lesson in short?", "two or three sentences for a reader in a hurry", InText("summary")),
    Question("In which unit or company did it happen?", "its name", InText("unit")),
    Question("Which tags should it have?", "a few, with commas", InList("tags", ", "), offer=_fitting_tags),
    Question(
        "When must somebody check whether it is still true?",
        f"a date, such as {date.today().year + 1}-11-30",
        AsReviewDate(),
        offer=lambda lesson: _in_a_year(),
    ),
    USED_LESSONS,
)
"""Questions for the library; some answers may be known from the beginning."""


_FOR_THE_LIBRARY = ("unit", "tags", "summary", "review_by")
_DESIGN = next(number for number, question in enumerate(QUESTIONS) if isinstance(question.place, AsDesign))


def questions_for(lesson: LessonInProgress) -> Sequence[Question]:
    """Return all questions: unconfirmed proposals first, except those only for the library, which come last.

    The question about its design follows directly on the confirmation of each figure.
    """
    impacts = items_of(lesson, "impact")
    followed = {"impact": Followed(impacts)}
    first: list[Question] = []
    last: list[Question] = []
    confirmed: set[int] = set()
    for found in proposed_in(lesson, followed):
        (last if found.key in _FOR_THE_LIBRARY else first).append(_confirmation(found, lesson))
        number = found.place(lesson) if found.key == "impact" else None
        if number is not None and number not in confirmed:
            confirmed.add(number)
            first.append(_design_question(AsDesign(_followed_from(followed["impact"], number))))
    places = [_followed_from(followed["impact"], number) for number in range(len(impacts))]
    places.append(_added_to(followed["impact"], len(impacts)))
    designs = [AsDesign(where) for number, where in enumerate(places) if number not in confirmed]
    matter = [*QUESTIONS[:_DESIGN], *map(_design_question, designs), *QUESTIONS[_DESIGN + 1 :]]
    return [*first, *matter, *FILING, *(_better_question(AsBetter(where)) for where in places), *last]


def _confirmation(found: Proposed | Stray, lesson: LessonInProgress) -> Question:
    example = f"for instance: c {found.example}" if found.example else ""
    hint = "\n".join(part for part in (found.source, HOW_TO_ANSWER, example) if part)
    return Question(
        found.asks(lesson),
        hint,
        found,
        asks_more=found.asks_more,
        asks_now=found.asks,
        result=found.result,
        enter="Enter leaves it as it is",
    )


def _followed_from(followed: Followed, number: int) -> Callable[[LessonInProgress], int | None]:
    return lambda lesson: followed.at(number, items_of(lesson, "impact"))


def _added_to(followed: Followed, known: int) -> Callable[[LessonInProgress], int | None]:
    """Return a function that gives the index of the first entry added since the beginning."""

    def where(lesson: LessonInProgress) -> int | None:
        numbers = followed.numbers(items_of(lesson, "impact"))
        return next((at for at, number in enumerate(numbers) if number >= known), None)

    return where


def open_questions(lesson: LessonInProgress, questions: Sequence[Question]) -> list[int]:
    """Return the numbers of the questions to ask, in order."""
    return [number for number in in_order(lesson, questions) if is_open(lesson, questions[number])]


def is_open(lesson: LessonInProgress, question: Question) -> bool:
    """Return whether a question applies and has no answer yet."""
    return question.applies(lesson) and not question.place.answer_in(lesson)


def in_order(lesson: LessonInProgress, questions: Sequence[Question]) -> list[int]:
    """Return the order of the questions: proposals, then those after the last answer, then those skipped.

    With proposals, the draft comes from notes, which answer some questions anywhere, so there is no last answer.
    """
    begin, end = questions.index(QUESTIONS[0]), questions.index(FILING[0])
    answered = [number for number in range(begin, end) if questions[number].place.answer_in(lesson)]
    after = begin if begin else max(answered, default=-1) + 1
    return [*range(begin), *range(after, len(questions)), *range(begin, after)]
