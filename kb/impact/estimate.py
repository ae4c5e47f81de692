"""The effect of an intervention, estimated as its design allows."""

from __future__ import annotations

import re
from typing import NamedTuple

from ingest.format import Impact
from kb.figures.entry import Figures
from kb.impact import methods
from kb.impact.change import Change
from kb.impact.proportions import Interval, Proportion, combined, difference_interval

_SHARE = re.compile(r"\b(?:shares?|proportion|portion|percentage|rate)\b")
_NO_SHARE = re.compile(r"\b(?:growth|margin|discount|increase|interest|return on|utili[sz]ation|market)\b")
_CASE_NAMES = """
bookings branches calls cases claims clients complaints customers dealers deliveries employees guests invoices
items jobs lessons machines managers members offers orders parcels parts patients people persons projects pupils
requests shipments staff students suppliers teams tickets tries units users visitors visits workers
"""
_CASES = frozenset(_CASE_NAMES.split())
"""Things that are counted one by one, so that a percentage of them is a proportion."""
_HEAD = re.compile(r"\s(?:of|from|to|per|in|for|by|at|on)\s")
_WORD = re.compile(r"[^\W\d_]+")
_NOUN_BEHIND = re.compile(r"\d\s+(?!before\b|after\b|and\b)[^\W\d_]{3,}")
_OF_CASES = re.compile(r"(?:%|per\s?cent|percent)\s+of\s+\w")


class Estimate(NamedTuple):
    """An effect in the unit of the change, with how it was estimated."""

    value: float | None
    interval: Interval | None
    """At 95 %; of the effect, or for the method `result` of the figure after."""
    method: str
    """A key of `METHODS`."""
    notes: tuple[str, ...] = ()


def estimate_of(entry: Impact, figures: Figures, change: Change) -> Estimate:
    """Return the effect of an entry."""
    if entry.design == "natural-field-experiment":
        return _experiment(entry, figures, change)
    if entry.design in ("pre-post", "") and all(figures.series):
        return _trend(figures.series, methods.TREND)
    return _difference(entry, figures, change)


def _experiment(entry: Impact, figures: Figures, change: Change) -> Estimate:
    control = figures.control_series
    if all(figures.series) and [len(part) for part in control] == [len(part) for part in figures.series]:
        before, after = (
            tuple(one - other for one, other in zip(*parts, strict=True))
            for parts in zip(figures.series, control, strict=True)
        )
        return _trend((before, after), methods.CONTROLLED_TREND)
    if figures.change is not None and figures.control_change is not None:
        return _in_differences(entry, figures, figures.change - figures.control_change)
    if figures.after is not None and figures.control_after is not None:
        return Estimate(
            figures.after - figures.control_after,
            _between(entry, figures),
            methods.UNITS_AFTER,
            ("the units are compared only afterwards; they may have differed before",),
        )
    plain = _difference(entry, figures, change)
    note = "not corrected by the matched unit: write its figures in `control`"
    return plain._replace(notes=(*plain.notes, note)) if plain.value is not None else plain


def _in_differences(entry: Impact, figures: Figures, value: float) -> Estimate:
    own, other = _shares(entry, figures), _shares(entry, figures, control=True)
    if not own or not other:
        return Estimate(value, None, methods.IN_DIFFERENCES, (_why_no_interval(entry, figures, with_control=True),))
    change, control_change = (pair[1].value - pair[0].value for pair in (own, other))
    intervals = [difference_interval(pair[1], pair[0]) for pair in (own, other)]
    interval = combined(change, intervals[0], control_change, intervals[1])
    return Estimate(value, _percent(interval), methods.IN_DIFFERENCES_OF_SHARES)


def _between(entry: Impact, figures: Figures) -> Interval | None:
    own, other = _shares(entry, figures), _shares(entry, figures, control=True)
    return _percent(difference_interval(own[1], other[1])) if own and other else None


def _trend(series: tuple[tuple[float, ...], tuple[float, ...]], method: str) -> Estimate:
    from kb.impact.trend import against_trend  # imports numpy, which only series need

    before, after = series
    if len(before) < methods.LEAST_BEFORE:
        difference = sum(after) / len(after) - sum(before) / len(before)
        return Estimate(difference, None, methods.MEAN, ("no interval: too few figures before",))
    found = against_trend(before, after)
    notes = []
    if found.interval is None:
        notes.append("no interval: the figures do not vary around their trend, or there are too few")
    elif len(before) < methods.ENOUGH_BEFORE:
        notes.append(f"the interval is rough: {len(before)} figures before, better are {methods.ENOUGH_BEFORE}")
    return Estimate(found.value, found.interval, method, tuple(notes))


def _difference(entry: Impact, figures: Figures, change: Change) -> Estimate:
    """Return the change itself, with an interval if it is one of proportions of a known number."""
    if figures.change is None:
        return _without_difference(entry, figures, change)
    if shares := _shares(entry, figures):
        return Estimate(figures.change, _percent(difference_interval(shares[1], shares[0])), methods.SHARES)
    return Estimate(figures.change, None, methods.DIFFERENCE, (_why_no_interval(entry, figures),))


def _without_difference(entry: Impact, figures: Figures, change: Change) -> Estimate:
    if figures.after is not None and _is_share(entry) and figures.n and 0 <= figures.after <= 100:
        return Estimate(None, _percent(Proportion(figures.after / 100, figures.n[1]).interval), methods.RESULT)
    return Estimate(change.amount, None, methods.STATED)


def _shares(entry: Impact, figures: Figures, *, control: bool = False) -> tuple[Proportion, Proportion] | None:
    """Return the figures before and after as proportions of known numbers; None if they are not."""
    before, after = (figures.control_before, figures.control_after) if control else (figures.before, figures.after)
    n = figures.control_n if control else figures.n
    if not n or not _is_share(entry) or before is None or after is None:
        return None
    if not (0 <= before <= 100 and 0 <= after <= 100):
        return None
    return Proportion(before / 100, n[0]), Proportion(after / 100, n[1])


def _is_share(entry: Impact) -> bool:
    """Return whether the figures are percentages of cases, not of money or growth."""
    unit, metric = entry.unit.casefold(), entry.metric.casefold()
    names_cases = bool({*_WORD.findall(_HEAD.split(metric)[0])} & _CASES) or bool(_NOUN_BEHIND.search(entry.n))
    is_of_cases = bool(_OF_CASES.search(unit) or _SHARE.search(metric) or names_cases)
    return _is_percentage(entry) and is_of_cases and not _NO_SHARE.search(metric)


def _is_percentage(entry: Impact) -> bool:
    texts = (entry.unit.casefold(), entry.after.casefold())
    return any("%" in text or "per cent" in text or "percent" in text for text in texts)


def _why_no_interval(entry: Impact, figures: Figures, *, with_control: bool = False) -> str:
    if _NO_SHARE.search(entry.metric.casefold()) or not _is_percentage(entry):
        return "no interval: the spread of the figures is not given"
    if not figures.n:
        return "no interval: write in `n` how many were measured"
    if not _is_share(entry):
        return "no interval: write `unit: % of orders`, so that it is clear what `n` counts"
    if with_control and not figures.control_n:
        return "no interval: write in `control` too how many were measured, as `n`"
    return "no interval: the figures are not between 0 and 100 %"


def _percent(interval: Interval) -> Interval:
    return Interval(interval.low * 100, interval.high * 100)
