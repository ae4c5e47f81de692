"""Amounts, groups and effects in words."""

from __future__ import annotations

from collections.abc import Iterator

from kb.gains.report import Group, ImpactReport, Total
from kb.impact.cost import Return
from kb.impact.effect import Effect
from kb.impact.methods import METHODS, RESULT
from kb.lessons.evidence import GRADES
from kb.wording import counted

MOST_LINES = 4
"""Most sums and medians shown of a group; JSON has all."""


def amount(value: float) -> str:
    """Return a number with at most three significant decimals: `1,200,000`, `2.75`, `0.0124`."""
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    text = f"{value:.3g}"
    return f"{value:.0f}" if "e+" in text else text


def signed(value: float) -> str:
    return f"+{amount(value)}" if value > 0 else amount(value)


def effect_line(effect: Effect) -> str:
    """Return what was estimated, with its interval and its method."""
    if effect.method == RESULT and effect.after is not None:
        return f"{amount(effect.after)} {effect.unit}{_interval(effect)}; {METHODS[effect.method]}"
    if effect.effect is None:
        return _relative(effect)
    by = f" ({signed(effect.relative_effect * 100)} %)" if effect.relative_effect is not None else ""
    figure = f"{signed(effect.effect)} {effect.unit.of_change}{by}{_interval(effect)}"
    return f"{figure}; {METHODS[effect.method]}"


def _relative(effect: Effect) -> str:
    return f"{signed(effect.relative * 100)} %; {METHODS[effect.method]}" if effect.relative is not None else ""


def _interval(effect: Effect) -> str:
    return (
        ""
        if effect.low is None or effect.high is None
        else (f", 95 % interval {amount(effect.low)} to {amount(effect.high)}")
    )


def verdict(effect: Effect) -> str:
    """Return whether the effect is a gain; empty if that is not known."""
    change = effect.gain if effect.gain is not None else effect.relative_gain
    if change is None:
        return ""
    return "a gain" if change > 0 else "a loss" if change < 0 else "no change"


def target_line(effect: Effect) -> str:
    """Return whether the target was met; empty if that is not known."""
    if effect.is_target_met is None or effect.target is None:
        return ""
    return f"the target of {amount(effect.target)} {'was' if effect.is_target_met else 'was not'} met"


def credited_line(effect: Effect) -> str:
    """Return what is credited to the intervention; empty if no share is stated."""
    if effect.share is None or effect.credited is None:
        return ""
    return f"credited {effect.share * 100:.3g} %: {amount(effect.credited)} {effect.unit.of_change}"


def total_line(total: Total) -> str:
    """Return a sum, what is credited of it, and what of that rests on a comparison (grades A to C)."""
    unit = total.unit if total.unit.per else f"{total.unit.name} (period not stated)"
    line = f"{signed(total.gain)} {unit} in {_entries(total.entries)}"
    if total.credited != total.gain:
        line = f"{line}, {signed(total.credited)} after attribution"
    if total.well_shown == total.credited:
        return line
    return f"{line}, {signed(total.well_shown) if total.well_shown else 'none'} of it shown by a comparison"


def group_lines(group: Group) -> Iterator[str]:
    """Yield what is known of a group: sums, then medians with their number."""
    yield from (f"sum of gains: {total_line(total)}" for total in group.totals[:MOST_LINES])
    if (more := len(group.totals) - MOST_LINES) > 0:
        yield f"and {counted(more, 'sum')} in other currencies and periods"
    if group.relative:
        change = f"change for the better: {amount(group.relative.median)} %"
        several = group.relative.entries > 1
        yield f"median {change} of {_entries(group.relative.entries)}" if several else f"{change} in 1 entry"
    for middle in [middle for middle in group.medians if middle.entries > 1][:MOST_LINES]:
        yield f"median gain: {amount(middle.median)} {middle.unit} of {_entries(middle.entries)}"


def overview(report: ImpactReport) -> str:
    """Return how many lessons are measured, state an impact without a figure, or have none."""
    stated = report.lessons - report.silent_lessons - report.measured_lessons
    parts = [
        f"{report.measured_lessons:,} with a measured impact",
        *([f"{stated:,} with an impact but no figure"] if stated else []),
        *([f"{report.silent_lessons:,} without an impact"] if report.silent_lessons else []),
    ]
    return f"{counted(report.lessons, 'lesson')}: {', '.join(parts)}"


def group_count(group: Group) -> str:
    """Return how many lessons and entries a group has, and how many are measured."""
    lessons = f"{counted(group.lessons, 'lesson')}, {group.measured_lessons:,} measured"
    return f"{lessons}; {group.measured:,} of {_entries(group.entries)} with a figure"


def grades_line(grades: dict[str, int]) -> str:
    """Return the number of entries by grade, each with its words."""
    return ", ".join(f"{count:,} {grade} ({GRADES[grade].strength})" for grade, count in grades.items())


def return_line(found: Return) -> str:
    """Return the return on a cost by Phillips, in words."""
    payback = "" if found.payback is None else f", paid back in {amount(found.payback)} months"
    amounts = f"{amount(found.benefits)} for {amount(found.cost.amount)} {found.cost.currency}"
    return f"ROI {amount(found.roi)} %: {amounts}, benefit-cost ratio {amount(found.ratio)}{payback}"


def _entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count:,} entries"


def told(effect: Effect) -> str:
    """Return what is known of an effect: whether it is a gain, how large, whether as wanted, what is credited."""
    parts = (verdict(effect), effect_line(effect), target_line(effect), credited_line(effect))
    return "; ".join(part for part in parts if part)
