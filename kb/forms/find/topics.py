"""The answer of `kb map`."""

from typing import Literal, TypedDict


class ThinSpot(TypedDict):
    """Where a topic has little, or what it has is weak."""

    weakness: Literal["one-lesson", "no-impact", "nobody-to-ask", "overdue", "old", "much-asked"]
    words: str


class MapPart(TypedDict):
    """What a subject and a topic have in common."""

    label: str
    terms: list[str]
    """The words of its label."""
    lessons: int
    measured: int
    """Number of lessons whose impact has a figure."""
    can_be_asked: int
    """Number of lessons about which somebody can be asked."""
    overdue: int
    """Number of lessons whose review date has passed."""
    asked: int
    """How often people asked for its lessons."""
    oldest: str | None
    """The year of the oldest lesson."""
    newest: str | None
    """The year of the newest lesson."""
    by_unit: dict[str, int]
    by_area: dict[str, int]
    by_year: dict[str, int]


class Topic(MapPart):
    """Lessons on the same matter; `kb map --topic NUMBER --json`."""

    number: int
    """Its name as long as it lives."""
    example: str
    """The title of the most typical lesson."""
    thin: list[ThinSpot]
    x: float
    y: float
    radius: float
    ids: list[str]
    """Of its lessons, the most typical first."""


class Subject(MapPart):
    """Topics that are near each other; `kb map --topic LETTER --json`."""

    letter: str
    topics: list[int]
    """The numbers of its topics, the largest first."""


class TopicMap(TypedDict):
    """The lessons of a library by topic; `kb map --json`."""

    lessons: int
    made: Literal["first", "kept", "anew"]
    """How: for the first time, as it was before, or anew."""
    notes: list[str]
    subjects: list[Subject]
    """Empty if a person can read all topics at once."""
    topics: list[Topic]
