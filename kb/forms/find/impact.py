"""The answer of `kb impact`."""

from typing import Literal, TypedDict

from kb.forms.lesson import Evidence

Outcome = Literal["gain", "loss", "unchanged", "unclear"]


class FigureUnit(TypedDict):
    """The unit of a figure. What is not stated is empty."""

    name: str
    """What is counted: `day`, `parcel`, `%`, or the code of a currency."""
    per: str
    """`year`, `once`, or for a price another word, as in `USD per unit`."""
    is_money: bool


class Interval(TypedDict):
    """The bounds of an effect."""

    low: float | None
    high: float | None
    level: float
    """The confidence: .95."""


class EstimateMethod(TypedDict):
    """How an effect was estimated."""

    key: str
    name: str
    """With its source."""


class Effect(TypedDict):
    """An entry of `impact` with what is computed from it; what is not known is null."""

    line: int
    """Of the entry in the lesson's file, from 1."""
    words: str
    """What the entry says, as a phrase."""
    note: str | None
    measured: bool
    area: str | None
    metric: str | None
    kind: str | None
    design: str | None
    evidence: Evidence | None
    unit: FigureUnit
    addable: bool
    """Whether its amount may be added to others of the same unit."""
    before: float | None
    after: float | None
    change: float | None
    relative: float | None
    """The change as a fraction of the figure before."""
    effect: float | None
    """The change that the design shows: corrected by the control or the trend if there is one."""
    interval: Interval | None
    """Of the effect; with the method `result`, of the figure after."""
    method: EstimateMethod | None
    outcome: Outcome
    """What it comes to; `unclear` if its change or the good direction is not known."""
    relative_effect: float | None
    """The effect as a fraction of the figure before."""
    good: Literal["up", "down"] | None
    """The good direction."""
    gain: float | None
    """The effect in the good direction; negative is a loss."""
    share: float | None
    """The share credited to the intervention, a fraction."""
    credited: float | None
    """The gain times that share; all of it if no share is stated."""
    target: float | None
    target_met: bool | None
    reached: float | None
    """The part of the way from before to the target that was reached, a fraction."""
    notes: list[str]
    """What is unclear, and what a reader must know of the estimate."""


class ImpactEntry(Effect):
    """An effect, and the lesson that has it."""

    id: str
    title: str
    path: str
    date: str | None
    status: str | None
    organisation: str | None
    """The unit or company of the lesson."""


class GainTotal(TypedDict):
    """The gains in one unit and period, added up."""

    unit: str
    gain: float
    credited: float
    """The part that is credited to the interventions."""
    well_shown: float
    """What is credited in entries of the grades A to C."""
    entries: int
    gains: int
    losses: int
    uncredited: int
    """Number of entries of which it is not known what is credited."""
    per: str | None


class MedianGain(TypedDict):
    """The median gain in one unit."""

    unit: str
    median: float
    entries: int
    measures: int
    """Number of different metrics among them."""


class ImpactGroup(TypedDict):
    """The effects of one area, kind, design, unit or year."""

    name: str
    lessons: int
    measured_lessons: int
    entries: int
    measured: int
    grades: dict[str, int]
    """Number of measured entries by grade, the strongest first; absent are those without."""
    outcomes: dict[Outcome, int]
    """Number of measured entries by what they come to."""
    totals: list[GainTotal]
    medians: list[MedianGain]
    relative: MedianGain | None
    """The median relative gain, in per cent."""


class CostTotal(TypedDict):
    """The costs in one currency."""

    amount: float
    currency: str
    """ISO 4217."""


class WithoutReturn(TypedDict):
    """A lesson that gives a cost, but for which no return can be computed."""

    id: str
    path: str
    because: str


class Costs(TypedDict):
    """What the interventions cost."""

    lessons: int
    """Number of lessons that give a cost."""
    totals: list[CostTotal]
    with_return: int
    left_out: list[WithoutReturn]


class Return(TypedDict):
    """The return on a cost by Phillips."""

    benefits: float
    cost: float
    currency: str
    roi_percent: float
    benefit_cost_ratio: float
    payback_months: float | None
    """Months until the benefits equal the cost; null without benefits."""
    projected: bool
    """Whether benefits of a week, a month or a quarter count for a whole year."""
    method: str


class LessonReturn(Return):
    """The return on the cost of one lesson."""

    id: str
    path: str


class ReturnTotal(Return):
    """The return on the costs of several lessons, in one currency."""

    lessons: int


class ImpactReport(TypedDict):
    """What the interventions brought; `kb impact --json`."""

    by: Literal["area", "kind", "design", "unit", "year"]
    """By what `groups` are gathered."""
    lessons: int
    measured_lessons: int
    """Number of lessons with at least one figure."""
    lessons_without_entry: int
    notes: list[str]
    """Why there are no lessons, which are left out, and what is not validated."""
    all: ImpactGroup
    groups: list[ImpactGroup]
    costs: Costs
    returns: list[LessonReturn]
    """The highest first."""
    return_totals: list[ReturnTotal]
    entries: list[ImpactEntry]
    """The measured ones, the best shown first."""
    not_measured: list[ImpactEntry]
