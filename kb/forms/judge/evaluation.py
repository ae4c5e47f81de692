"""The answer of `kb eval`."""

from typing import NotRequired, TypedDict

from kb.forms.lesson import Verdict


class MeanDifference(TypedDict):
    """By how much one system is better, as the mean over the queries."""

    mean: float
    low: float
    """The lower end of the 95 % confidence interval."""
    high: float
    p: float
    """The probability of a difference at least as large if the two were equally good."""


class Stratum(TypedDict):
    """Some of the queries."""

    queries: int
    means: dict[str, float]
    """Mean of the first measure by system; empty without queries."""


class Strata(TypedDict):
    """Queries that share few words with their relevant lessons, and those that share many."""

    boundary: float
    """The least share of a query's words that counts as many."""
    few: Stratum
    many: Stratum


class Band(TypedDict):
    """The answers with one relevance verdict."""

    answers: int
    right_first: int
    """Number of answers whose first lesson is right."""
    right_among_first: int
    """Number of answers with a right lesson among the first three."""


class Reliability(TypedDict):
    """How reliable the relevance verdicts are."""

    hidden: float
    """The share of queries with a right lesson among the first three whose best verdict is only `nearest`."""
    right_among_first: int
    bands: dict[Verdict, Band]


class GateResult(TypedDict):
    """A bound that a value must keep."""

    gate: str
    """As given."""
    value: float
    passed: bool


class QueryChange(TypedDict):
    """The value of a query in a saved run and now."""

    query: str
    """Its id."""
    text: str
    before: float
    now: float
    by: float


class SavedRunCompared(TypedDict):
    """The first measure compared with a saved run."""

    run: str
    """The path of its file."""
    mean: float
    difference: MeanDifference | None
    better: int
    worse: int
    equal: int
    changes: list[QueryChange]
    """The largest first."""


class QueryValues(TypedDict):
    """The values of one query."""

    query: str
    """Its id."""
    text: str
    systems: dict[str, dict[str, float]]
    """By system and measure."""


class Evaluation(TypedDict):
    """The results for one set of queries on one index."""

    name: str
    lessons: int
    queries: int
    depth: int
    """Number of lessons of a ranking that count."""
    notes: list[str]
    systems: dict[str, dict[str, float]]
    """The mean by system and measure; systems are compared by the first measure."""
    differences: dict[str, MeanDifference | None]
    """The hybrid minus each other system; null for fewer than two queries."""
    strata: Strata
    reliability: Reliability
    gates: list[GateResult]
    baseline: NotRequired[SavedRunCompared]
    """With `--baseline` only."""
    per_query: NotRequired[list[QueryValues]]
    """With `--per-query` only."""


class Evaluations(TypedDict):
    """How well lessons are found; `kb eval --json`."""

    evaluations: list[Evaluation]
