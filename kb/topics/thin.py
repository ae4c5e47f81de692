"""Thin spots: where a library has little, or what it has is weak, in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from enum import StrEnum
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from kb.topics.facts import LessonFacts

if TYPE_CHECKING:
    from kb.forms.find import topics as forms

YEARS_UNTIL_OLD = 5
"""A topic whose newest lesson is older than so many years is stale, if its lessons have no review date ahead."""
LEAST_ASKED = 5
TIMES_AS_MUCH = 3
"""A topic is much asked if its lessons are asked for more than so many times as often as those of other topics."""
_MOST_OVERDUE = 0.5


class Weakness(StrEnum):
    """What may be missing in a topic."""

    ONE_LESSON = "one-lesson"
    NO_IMPACT = "no-impact"
    NOBODY = "nobody-to-ask"
    OVERDUE = "overdue"
    OLD = "old"
    MUCH_ASKED = "much-asked"


class ThinSpot(NamedTuple):
    """A weakness of a topic."""

    weakness: Weakness
    words: str

    def as_json(self) -> forms.ThinSpot:
        return {"weakness": self.weakness.value, "words": self.words}


def asked_elsewhere(lessons: Sequence[LessonFacts], every: Sequence[LessonFacts]) -> float:
    """Return how often a lesson of the other topics was asked for, on average; infinity if there are none."""
    others = len(every) - len(lessons)
    asked = sum(lesson.asked for lesson in every) - sum(lesson.asked for lesson in lessons)
    return asked / others if others else inf


def thin_spots(lessons: Sequence[LessonFacts], often: float, today: date) -> Iterator[ThinSpot]:
    """Yield what is weak in a topic; `often` is how often an average lesson of the other topics was asked for."""
    if len(lessons) == 1:
        yield ThinSpot(Weakness.ONE_LESSON, "one lesson only")
    asked = sum(lesson.asked for lesson in lessons)
    if asked >= LEAST_ASKED and asked > TIMES_AS_MUCH * often * len(lessons):
        yield ThinSpot(Weakness.MUCH_ASKED, f"much asked, little there: asked {asked:,} times")
    if not any(lesson.is_measured for lesson in lessons):
        yield ThinSpot(Weakness.NO_IMPACT, "no measured impact")
    if not any(lesson.can_be_asked for lesson in lessons):
        yield ThinSpot(Weakness.NOBODY, "nobody to ask")
    yield from _stale(lessons, today)


def _stale(lessons: Sequence[LessonFacts], today: date) -> Iterator[ThinSpot]:
    overdue, newest = sum(lesson.is_overdue for lesson in lessons), max(lesson.year for lesson in lessons)
    if overdue > _MOST_OVERDUE * len(lessons) or overdue == len(lessons):
        yield ThinSpot(Weakness.OVERDUE, f"review date passed in {overdue:,} of {len(lessons):,}")
    if newest and int(newest) < today.year - YEARS_UNTIL_OLD:
        yield ThinSpot(Weakness.OLD, f"nothing newer than {newest}")
