"""Ranks the people to ask for a query by the lessons found for it.

This is the document model (model 2) of Balog, Azzopardi and de Rijke, "Formal models for expert finding in enterprise
corpora" (SIGIR 2006): p(q | person) = Σ over lessons p(q | lesson) · p(lesson | person). By Bayes' theorem, and with
all people equally likely, p(lesson | person) is proportional to p(person | lesson) · p(lesson).

p(q | lesson) is the lesson's share in the scores of the ranking. p(person | lesson) is the association of the person
with the lesson, divided by the associations of everybody there, and smoothed with the average over the lessons found.
An association is the weight of the role (in the order in which a search chooses whom to ask), or the share in the
commits. p(lesson) falls with age, but not below half: who worked on it long ago can still be asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from math import prod
from typing import NamedTuple

from kb.people.contact import weight_of
from kb.who.candidate import AUTHOR, Candidate, Trace

SMOOTHING = 0.1
"""The weight of the average over all lessons, 0 to 1."""
HALF_LIFE = 5.0
"""Years."""
# Who commits a lesson may only have filed it, so whoever it names comes first.
_AUTHOR_WEIGHT = 0.2
_LEAST_BY_AGE = 0.5
_DAYS_IN_A_YEAR = 365.25


class Source(NamedTuple):
    """A lesson that was found."""

    score: float
    """Its score in the ranking; of a ranking without scores all have 0."""
    date: str
    """As `Lesson.date`; empty if it has none."""


def probabilities(
    people: Sequence[Candidate], sources: Sequence[Source], today: date, smoothing: float = SMOOTHING
) -> list[float]:
    """Return p(q | person) of each person, up to one factor for all."""
    query = _shares([source.score for source in sources])
    given, likely = _given_lesson(people, len(sources)), [_by_age(source.date, today) for source in sources]
    found = []
    for number in range(len(people)):
        own = [given[lesson].get(number, 0.0) for lesson in range(len(sources))]
        average = sum(own) / len(own)
        smoothed = [(1 - smoothing) * association + smoothing * average for association in own]
        found.append(sum(map(prod, zip(query, smoothed, likely, strict=True))))
    return found


def _shares(scores: Sequence[float]) -> list[float]:
    total = sum(scores)
    return [score / total for score in scores] if total > 0 else [1 / len(scores)] * len(scores)


def _given_lesson(people: Sequence[Candidate], lessons: int) -> Sequence[Mapping[int, float]]:
    """Return p(person | lesson) for each lesson, by the position of the person."""
    found: list[dict[int, float]] = [{} for _ in range(lessons)]
    for number, person in enumerate(people):
        for trace in person.traces:
            found[trace.lesson][number] = found[trace.lesson].get(number, 0.0) + _weight(trace)
    totals = [sum(lesson.values()) for lesson in found]
    return [
        {number: weight / total for number, weight in lesson.items()}
        for lesson, total in zip(found, totals, strict=True)
    ]


def _weight(trace: Trace) -> float:
    return _AUTHOR_WEIGHT * trace.share if trace.person.role == AUTHOR else weight_of(trace.person.role)


def _by_age(day: str, today: date) -> float:
    """Return p(lesson) by its age, up to a factor: 1 if new, and at least `_LEAST_BY_AGE`, also without a date."""
    if not day:
        return _LEAST_BY_AGE
    year, month, in_month = (*map(int, day.split("-")), 1, 1)[:3]
    try:
        age = (today - date(year, month, in_month)).days / _DAYS_IN_A_YEAR
    except ValueError:  # the 30th of February
        age = float(today.year - year)
    return float(_LEAST_BY_AGE + (1 - _LEAST_BY_AGE) * 0.5 ** (max(age, 0.0) / HALF_LIFE))
