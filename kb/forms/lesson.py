"""What many answers say of a lesson: its kinds of text, evidence, people, impact and uses."""

from typing import Literal, NotRequired, TypedDict

Verdict = Literal["answers", "may-help", "nearest"]
Mode = Literal["hybrid", "lexical", "semantic"]
StandIn = Literal["successor", "learning-professional", "owner"]
Letter = Literal["A", "B", "C", "D", "E"]
Kind = Literal[
    "problem", "case", "knowledge", "method", "tool", "failure", "impact", "applicability", "people", "other"
]
Cause = Literal["review", "unhelpful", "still-used", "dead", "address", "people", "figures", "old", "not-found"]


class Evidence(TypedDict):
    """How well an impact is shown."""

    grade: Letter
    """A is the strongest. Never show it without its words."""
    words: str
    """The grade in plain words, and what it rests on: `fair: measured before and after`."""


class Ask(TypedDict):
    """Somebody to ask."""

    name: str
    role: str | None
    contact: str | None
    """How to reach this person."""
    unit: str | None
    stands_in: StandIn | None
    """Why this person is asked instead of those named; null if they are named themselves."""
    instead_of: str | None
    """Who cannot be asked any more."""


class NamedPerson(TypedDict):
    """A person as the front matter names them; keys without a value are absent."""

    name: str
    role: NotRequired[str]
    """`sponsor`, `learning-professional`, `team` or `contact`, or as written."""
    contact: NotRequired[str]
    until: NotRequired[str]
    """Until when this person can be asked."""


class StatedSeries(TypedDict, total=False):
    """Evenly spaced figures of one metric, oldest first, as written."""

    before: list[str]
    after: list[str]


class StatedControl(TypedDict, total=False):
    """The unit without the intervention, measured at the same times, as written."""

    before: str
    after: str
    n: str
    chosen: str
    """How it was decided which unit goes without: `matched`, `at-random`, or as written."""
    series: StatedSeries


class StatedImpact(TypedDict, total=False):
    """An effect as the front matter states it; figures are texts, and keys without a value are absent."""

    area: str
    metric: str
    """What was measured."""
    kind: str
    """What kind of measure it is: `financial`, `business-process` or `behavioural`, or as written."""
    before: str
    after: str
    unit: str
    """The unit of the figures."""
    better: str
    """Whether `less` or `more` of it is better."""
    change: str
    target: str
    design: str
    """How it was shown: `natural-field-experiment`, `pre-post`, `objectives-based` or `none`, or as written."""
    compared_with: str
    """The unit without the intervention, or the baseline."""
    n: str
    """How many were measured."""
    period: str
    attributed: str
    """The share that is credited to the intervention."""
    note: str
    series: StatedSeries
    control: StatedControl
    repeated: str
    """In which other units the same was found again."""


class Saving(TypedDict):
    """What uses of a lesson saved, in one unit."""

    amount: float
    unit: str
    """In the singular, or the code of a currency."""


class Tally(TypedDict):
    """The uses of a lesson by later interventions, counted."""

    used: int
    helped: int
    partly: int
    did_not_help: int
    saved: list[Saving]
    words: str
    """For instance `4 times, helped 3, did not help 1, saved 12 days`."""


class IndexState(TypedDict):
    """The index that answered."""

    snapshot: str
    """Its id."""
    built: str
    """In UTC (ISO 8601)."""
    lessons: int
    passages: int
