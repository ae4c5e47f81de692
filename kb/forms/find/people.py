"""The answer of `kb who`."""

from typing import TypedDict

from kb.forms.lesson import IndexState, Mode, StandIn, Verdict


class LatestLesson(TypedDict):
    """The newest lesson that leads to a person."""

    id: str
    date: str | None


class LeadingLesson(TypedDict):
    """A lesson that leads to a person."""

    id: str
    title: str
    path: str
    date: str | None


class Expert(TypedDict):
    """A person to ask, and why."""

    name: str
    roles: list[str]
    """The roles in the lessons found; `author` if only git names the person."""
    unit: str | None
    contact: str | None
    score: float
    """How much the lessons found lead to this person, divided by the highest."""
    lessons: int
    """How many of the lessons found lead to this person."""
    latest: LatestLesson
    relevance: Verdict
    """That of the best of these lessons."""
    why: list[LeadingLesson]
    """The best of these lessons, at most three."""
    stands_in: StandIn | None
    instead_of: list[str]
    """The names of those who have left, and for whom this person is asked."""


class RankedExpert(Expert):
    """A person in the answer."""

    rank: int
    """From 1."""


class WhoAnswer(TypedDict):
    """The people to ask about a problem, the best first; `kb who --json`."""

    query: str
    mode: Mode
    took_ms: float
    index: IndexState
    notes: list[str]
    relevance: Verdict
    """That of the best lesson found."""
    relevant: bool
    people: list[RankedExpert]
