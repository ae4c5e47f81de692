"""Amounts, groups and effects in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kb.gains.costs import Costs, ReturnTotal
from kb.gains.report import Group, ImpactReport, Middle, Total
from kb.impact.cost import Return
from kb.impact.effect import GAIN, LOSS, UNCHANGED, UNCLEAR, Effect
from kb.impact.methods import CONTROLLED, METHODS, RESULT, TREND
from kb.impact.units import Unit
from kb.lessons.evidence import GRADES
from kb.wording import counted

MOST_LINES = 4
"""Most sums and medians shown of a group; JSON has all."""
MOST_LEFT_OUT = 5
_BETTER: Mapping[str, str] = {GAIN: "better by ", LOSS: "worse by "}


def amount(value: float) -> str:
    """Return a number with at most three significant decimals: `1,200,000`, `2.75`, `0.0124`."""
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    text = f"{value:.3g}"
    return f"{value:.0f}" if "e+" in text else text


def signed(value: float) -> str:
    return f"+{amount(value)}" if value > 0 else amount(value)


def told(effect: Effect) -> str:
    """Return what is known of an effect: whether better or worse, by how much, whether as wanted, what is credited."""
    parts = (effect_line(effect), _explained(effect), target_line(effect), credited_line(effect))
    return "; ".join(part for part in parts if part)


def effect_line(effect: Effect) -> str:
    """Return whether it got better or worse and by how much, with the interval and the method."""
    if effect.method == RESULT and effect.after is not None:
        return f"{_figure(effect.after, effect.unit)}{_interval(effect)}; {METHODS[effect.method]}"
    size = _size(effect)
    return f"{size}{_interval(effect)}; {METHODS[effect.method]}" if size and effect.method else size


def _size(effect: Effect) -> str:
    """Return the effect in words: `better by 13 percentage points (24 % to 11 %)`."""
    relative = effect.relative_effect
    if effect.effect is None and relative is None:
        return ""
    if effect.outcome == UNCHANGED:
        return "unchanged"
    if effect.effect is None:
        return _by(effect, relative or 0.0, f"{amount(abs(relative or 0.0) * 100)} %")
    of_before = " of the figure before" if _explained(effect) else ""
    details = [_from_to(effect), "" if relative is None else f"{signed(relative * 100)} %{of_before}"]
    behind = ", ".join(detail for detail in details if detail)
    by = _by(effect, effect.effect, _figure(abs(effect.effect), effect.unit.of_change))
    return f"{by} ({behind})" if behind else by


def _by(effect: Effect, change: float, size: str) -> str:
    return f"{_BETTER[effect.outcome]}{size}" if effect.outcome in _BETTER else f"{'+' if change > 0 else '-'}{size}"


def _from_to(effect: Effect) -> str:
    if effect.before is None or effect.after is None:
        return ""
    percent = " %" if effect.unit.name == "%" else ""
    return f"{amount(effect.before)}{percent} to {amount(effect.after)}{percent}"


def _figure(value: float, unit: Unit) -> str:
    """Return an amount with its unit; only the amount if none is stated."""
    name = unit.name if value == 1 else unit.plural
    return f"{amount(value)} {name}{unit.behind}" if name else f"{amount(value)}{unit.behind}"


def _explained(effect: Effect) -> str:
    """Return why the effect differs from the figure after minus that before."""
    if effect.change is None or effect.effect is None or abs(effect.change - effect.effect) < 1e-9:
        return ""
    change = f"after minus before is {signed(effect.change)}"
    if effect.method in CONTROLLED:
        return f"{change}, and {signed(effect.change - effect.effect)} in the matched unit"
    return f"{change}, the rest is the trend before" if effect.method == TREND else change


def _interval(effect: Effect) -> str:
    return (
        ""
        if effect.low is None or effect.high is None
        else (f", 95 % interval {amount(effect.low)} to {amount(effect.high)}")
    )


def target_line(effect: Effect) -> str:
    """Return whether the target was met, and how far one came; empty if that is not known."""
    if effect.is_target_met is None or effect.target is None:
        return ""
    line = f"the target of {_figure(effect.target, effect.unit)} {'was' if effect.is_target_met else 'was not'} met"
    is_part = effect.reached is not None and not effect.is_target_met and 0 <= effect.reached < 1
    return f"{line}; {amount((effect.reached or 0.0) * 100)} % of the way" if is_part else line


def credited_line(effect: Effect) -> str:
    """Return what is credited to the intervention; empty if no share is stated."""
    if not effect.is_share_clear:
        return "what is credited is not known"
    if effect.share is None or effect.credited is None:
        return ""
    return f"credited {effect.share * 100:.3g} %: {_figure(effect.credited, effect.unit.of_change)}"


def total_line(total: Total) -> str:
    """Return a sum, what is credited of it, and what of that rests on a comparison (grades A to C)."""
    unit = total.unit.in_words
    both = f": {_gains_and_losses(total)}" if total.entries > 1 else ""
    line = f"{signed(total.gain)} {unit} ({counted_entries(total.entries)}{both})"
    if total.credited != total.gain:
        line = f"{line}, {signed(total.credited)} of it credited"
    if total.uncredited:
        line = f"{line}, not counting {counted_entries(total.uncredited)} whose share cannot be read"
    if total.well_shown == total.credited:
        return line
    return f"{line}, {signed(total.well_shown) if total.well_shown else 'none'} of it shown by a comparison"


def _gains_and_losses(total: Total) -> str:
    return f"{counted(total.gains, 'gain')}, {counted(total.losses, 'loss', 'losses')}"


def group_lines(group: Group) -> Iterator[str]:
    """Yield what is known of a group: sums, then medians with their number."""
    for total in group.totals[:MOST_LINES]:
        name = "gains and losses together" if total.entries > 1 else "in money"
        yield f"{name}: {total_line(total)}"
    if (more := len(group.totals) - MOST_LINES) > 0:
        yield f"and {counted(more, 'sum')} in other currencies and periods"
    if group.relative:
        yield _middle_line("change for the better", group.relative)
    for middle in [middle for middle in group.medians if middle.entries > 1][:MOST_LINES]:
        yield _middle_line("gain", middle)


def _middle_line(name: str, middle: Middle) -> str:
    """Return a median with the number of its entries, and of different measures if they are several."""
    figure = f"{name}: {amount(middle.median)} {middle.unit}"
    if middle.entries == 1:
        return f"{figure} (1 entry)"
    measures = f" of {middle.measures:,} different measures" if middle.measures > 1 else ""
    count = measures.strip() if middle.measures == middle.entries else f"{counted_entries(middle.entries)}{measures}"
    return f"median {figure} ({count})"


def overview(report: ImpactReport) -> str:
    """Return how many lessons are measured, state an impact without a figure, or have none."""
    stated = report.lessons - report.silent_lessons - report.measured_lessons
    parts = [
        f"{report.measured_lessons:,} with a measured impact",
        *([f"{stated:,} with an impact but no figure"] if stated else []),
        *([f"{report.silent_lessons:,} without an impact"] if report.silent_lessons else []),
    ]
    return f"{counted(report.lessons, 'lesson')}: {', '.join(parts)}"


def outcomes_line(group: Group) -> str:
    """Return how many entries got better and worse; empty if none is measured."""
    if not group.measured:
        return ""
    found = group.outcomes
    parts = [
        counted(found[GAIN], "gain"),
        counted(found[LOSS], "loss", "losses"),
        *([f"{found[UNCHANGED]:,} unchanged"] if found[UNCHANGED] else []),
        *([f"{found[UNCLEAR]:,} not known"] if found[UNCLEAR] else []),
    ]
    return f"{counted(group.measured, 'measured entry', 'measured entries')}: {', '.join(parts)}"


def group_count(group: Group) -> str:
    """Return how many lessons and entries a group has, and how many are measured."""
    lessons = f"{counted(group.lessons, 'lesson')}, {group.measured_lessons:,} measured"
    return f"{lessons}; {group.measured:,} of {counted_entries(group.entries)} with a figure"


def grades_line(grades: dict[str, int]) -> str:
    """Return the number of entries by grade, each with its words."""
    return ", ".join(f"{count:,} {grade} ({GRADES[grade].strength})" for grade, count in grades.items())


def cost_line(costs: Costs) -> str:
    """Return what the lessons cost, and for which no return can be computed; empty if none gives a cost."""
    if not costs.lessons:
        return ""
    sums = ", ".join(f"{amount(total.amount)} {total.currency}" for total in costs.totals)
    gives = "gives" if costs.lessons == 1 else "give"
    line = f"{counted(costs.lessons, 'lesson')} {gives} a cost ({sums} in all); for {len(costs.returns):,} the return "
    out = [f"{each.head.id} ({each.because})" for each in costs.left_out[:MOST_LEFT_OUT]]
    more = len(costs.left_out) - len(out)
    out += [f"{more:,} more"] if more else []
    return f"{line}can be computed" + (f"; left out: {', '.join(out)}" if out else "")


def return_total_line(total: ReturnTotal) -> str:
    """Return the return on all costs in a currency, with the number of lessons on which it rests."""
    return f"{counted(total.lessons, 'lesson')} in {total.returned.cost.currency}: {return_line(total.returned)}"


def return_line(found: Return) -> str:
    """Return the return on a cost by Phillips, in words."""
    payback = "" if found.payback is None else f", paid back in {amount(found.payback)} months"
    amounts = f"{amount(found.benefits)} for {amount(found.cost.amount)} {found.cost.currency}"
    lasts = ", first year, if it lasts" if found.is_projected else ""
    return f"ROI {amount(found.roi)} %: {amounts}{lasts}, benefit-cost ratio {amount(found.ratio)}{payback}"


def counted_entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count:,} entries"
