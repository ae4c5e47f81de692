"""Whether what an impact entry says can be computed, and is a gain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from math import isclose
from operator import itemgetter

from ingest.format import Impact, Series
from kb.check import strictness
from kb.check.detectors.claims import Entry, entries_of
from kb.check.finding import Finding
from kb.check.rule import Rule, with_impact
from kb.check.severity import Severity
from kb.corpus.census import Census
from kb.corpus.lesson_file import LessonFile
from kb.figures.entry import UNREADABLE, figures_of
from kb.impact.effect import Effect, effect_of
from kb.impact.lesson_impact import in_a_year
from kb.impact.methods import LEAST_BEFORE

DIRECTION = Rule(
    "effects.direction",
    Severity.WARNING,
    "An impact is a loss, by what its metric or area says is good, and nothing says that this is meant.",
    "have an impact that is a loss and do not say that this is meant",
    "Costs, times and complaints that go up are counted as losses, and so are sales and satisfaction that go down. "
    "Correct the figures. If the other direction is the good one, write `better: less` or `better: more`; if it is a "
    "loss, say why in `note`.",
    with_impact("area: cost", "metric: cost of printing", "before: 70", "after: 120", "unit: USD", "design: pre-post"),
    with_impact("area: cost", "metric: cost of printing", "before: 120", "after: 70", "unit: USD", "design: pre-post"),
)
SERIES = Rule(
    "effects.series",
    Severity.WARNING,
    "A series is too short for a trend, or has no figures after, or not as many as that of its control.",
    "have a series that is too short, or that does not fit its control",
    f"A trend needs at least {LEAST_BEFORE} figures before, better eight, and one after; the control must be measured "
    "at the same times. Add figures, or write only `before` and `after`.",
    with_impact("metric: complaints a month", "design: pre-post", "series: {before: [41, 39], after: [26]}"),
    with_impact("metric: complaints a month", "design: pre-post", "series: {before: [41, 39, 40], after: [26]}"),
)
FIGURE = Rule(
    "effects.figure",
    Severity.WARNING,
    "A figure of an impact cannot be read, or has another unit than the others.",
    "have an impact with a figure that cannot be read",
    "It does not count in `kb impact`. Write a number with its unit: `12 days`, `about 50 %`, `10-12`; words belong in "
    "`note`.",
    with_impact("metric: lead time", "before: 12 days", "after: 7 hours", "design: pre-post"),
    with_impact("metric: lead time", "before: 12 days", "after: 7 days", "design: pre-post"),
)
_SAVED = "{area: cost, metric: reprints, unit: USD"
TWICE = Rule(
    "effects.twice",
    Severity.WARNING,
    "Two entries of a lesson are the same money over two periods.",
    "state the same money twice",
    "Both would count as benefits in the return on the cost. Keep one of them: 500 a month and 6,000 a year are one "
    "gain.",
    f"---\nimpact:\n  - {_SAVED}, change: -500, period: per month}}\n  - {_SAVED}, change: -6000, period: per year}}\n"
    "---\n# Wrong labels\n",
    f"---\nimpact:\n  - {_SAVED}, change: -500, period: per month}}\n---\n# Wrong labels\n",
)
RULES = (DIRECTION, SERIES, FIGURE, TWICE)
_NEARLY = 0.02
"""Relative difference of two amounts that are one amount, rounded."""


def check(file: LessonFile, census: Census) -> Iterator[Finding]:
    """Yield the entries from which nothing can be computed, those that are losses, and those that count twice."""
    severity = strictness.of_doubts(file)
    found = [(entry, effect_of(entry.impact)) for entry in entries_of(file)]
    for entry, effect in found:
        if message := _loss(entry.impact, effect):
            yield DIRECTION.at(file, file.places.of_key(*entry.steps, "area"), message, (), severity)
        if message := _short(entry.impact):
            yield SERIES.at(file, file.places.of_key(*entry.steps, "series"), message, (), severity)
        for key, message in _unread(entry.impact):
            yield FIGURE.at(file, file.places.of_value(*entry.steps, *key.split(".")), message, (), severity)
    for first, second in _repeated(found):
        place = file.places.of_key(*first.steps)
        message = f"this is the money of line {place.line + 1 if place else 1} again, over another period; keep one"
        yield TWICE.at(file, file.places.of_key(*second.steps), message, (), severity)


def _loss(impact: Impact, effect: Effect) -> str:
    gain = effect.gain if effect.gain is not None else effect.relative_gain
    if gain is None or gain >= 0 or impact.note:
        return ""
    good = "more" if effect.direction > 0 else "less"
    other = "less" if effect.direction > 0 else "more"
    return f"counts as a loss, because {good} is better here; write `better: {other}`, or say in `note` that it is one"


def _short(impact: Impact) -> str:
    series, control = impact.series, impact.control.series
    if series and not series.after:
        return "the series has no figures after; add `after`"
    if series and len(series.before) < LEAST_BEFORE:
        count = len(series.before)
        return f"a trend needs {LEAST_BEFORE} figures before, the series has {count}; write only `before` and `after`"
    if control and _lengths(control) != _lengths(series):
        return "the series of the control has other times than the series; give as many figures before and after"
    return ""


def _lengths(series: Series) -> tuple[int, int]:
    return len(series.before), len(series.after)


def _repeated(found: Iterable[tuple[Entry, Effect]]) -> Iterator[tuple[Entry, Entry]]:
    """Yield each two entries with nearly the same money in a year, but over different periods."""
    sums = [
        (effect.unit.name, yearly, place, effect.unit.per, entry)
        for place, (entry, effect) in enumerate(found)
        if effect.is_addable and effect.unit.per and (yearly := in_a_year(effect))
    ]
    for one, other in pairwise(sorted(sums, key=itemgetter(0, 1, 2))):
        if one[0] == other[0] and one[3] != other[3] and isclose(one[1], other[1], rel_tol=_NEARLY):
            first, second = sorted((one, other), key=itemgetter(2))
            yield first[-1], second[-1]


def _unread(impact: Impact) -> Iterator[tuple[str, str]]:
    """Yield key and message of each figure that cannot be read."""
    for note in figures_of(impact).notes:
        key, _, problem = note.partition(": ")
        if any(sign in problem for sign in UNREADABLE):
            yield key, problem if "; write" in problem else f"{problem}; write a number with its unit"
