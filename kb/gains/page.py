"""The page on impact for a sponsor: what was gained, by area and year, and how well that is shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from kb.gains.plots import Amounts, Bar, Point, bars, columns, points
from kb.gains.report import NOT_STATED, By, Entry, Group, ImpactReport
from kb.gains.wording import (
    amount,
    cost_line,
    counted_entries,
    grades_line,
    group_lines,
    outcomes_line,
    overview,
    return_line,
    return_total_line,
    signed,
    told,
)
from kb.lessons.evidence import GRADES
from kb.pages.page import Picture, render
from kb.visible import visible

TITLE = "What the interventions brought"
_MOST_ROWS = 40
"""Entries in a table."""
_MOST_POINTS = 12
_LEAST_LOSSES = 4
"""So many of the points are losses, if there are so many."""
_MOST_CHARTS = 3
_MOST_YEARS = 25


class Section(NamedTuple):
    """A part of the page: a picture, and the table behind it."""

    name: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    picture: Picture | None = None
    remark: str = ""
    more: str = ""


def page_of(report: ImpactReport) -> str:
    """Return the page as HTML."""
    return render("impact.html", TITLE, **contents_of(report))


def contents_of(report: ImpactReport) -> dict[str, Any]:
    """Return what the template of the page takes."""
    sections = (
        _groups(report, By.AREA, "What was gained, by area"),
        _groups(report, By.YEAR, "What was gained, by year"),
        _effects(report),
        _losses(report),
        _returns(report),
        _unmeasured(report),
        _key(),
    )
    whole = report.whole
    said = [outcomes_line(whole), _evidence(whole), *group_lines(whole), cost_line(report.costs), *report.notes]
    highlights = [*filter(None, said)]
    found = [section for section in sections if section.rows]
    return {"overview": overview(report), "highlights": highlights, "sections": found}


def _evidence(group: Group) -> str:
    grades = grades_line(dict(group.grades))
    return f"entries by evidence: {grades}" if grades else ""


def _groups(report: ImpactReport, by: By, name: str) -> Section:
    groups = report.grouped(by)
    measured = [group for group in groups if group.measured][:_MOST_YEARS]
    rows = [
        (
            group.name,
            f"{group.lessons:,}",
            f"{group.measured:,} of {group.entries:,}",
            grades_line(dict(group.grades)) or "none measured",
            "; ".join(filter(None, (outcomes_line(group), *group_lines(group)))),
        )
        for group in groups
    ]
    heads = (by.value, "lessons", "measured entries", "evidence", "gains and losses")
    picture, remark = _amounts(measured) if by is By.YEAR else (None, "")
    if not picture and measured:
        drawn = [Bar(visible(group.name), dict(group.grades)) for group in measured]
        said = "; ".join(f"{group.name}: {grades_line(dict(group.grades))}" for group in measured)
        picture = Picture(bars(drawn), f"Measured entries by grade of evidence. {said}")
    return Section(name, heads, rows, picture, remark)


def _amounts(groups: Sequence[Group]) -> tuple[Picture | None, str]:
    """Return the picture of the money by year, for the currencies and periods with most entries, and what it lacks."""
    dated = sorted((group for group in groups if group.name != NOT_STATED), key=lambda group: group.name)
    counts: dict[str, int] = {}
    for group in dated:
        for total in group.totals:
            counts[total.unit.in_words] = counts.get(total.unit.in_words, 0) + total.entries
    ordered = sorted(counts, key=lambda unit: (-counts[unit], unit))
    units, others = ordered[:_MOST_CHARTS], ordered[_MOST_CHARTS:]
    if not units:
        return None, ""
    charts = [
        Amounts(
            f"{unit}, credited to the interventions",
            [group.name for group in dated],
            [sum(each.credited for each in group.totals if each.unit.in_words == unit) for group in dated],
            [sum(each.well_shown for each in group.totals if each.unit.in_words == unit) for group in dated],
        )
        for unit in units
    ]
    said = "; ".join(
        f"{chart.name}: "
        + ", ".join(f"{year} {signed(value)}" for year, value in zip(chart.years, chart.values, strict=True))
        for chart in charts
    )
    remark = f"Not drawn, but in the table: {'; '.join(others)}." if others else ""
    return Picture(columns(charts), f"Money gained by year. {said}"), remark


def _effects(report: ImpactReport) -> Section:
    known = [point for entry in report.entries if (point := _point(entry))]
    drawn = _chosen(known)
    said = "; ".join(f"{point.name}: {signed(point.value)} %, evidence {point.grade}" for point in drawn)
    picture = Picture(points(drawn), f"Changes for the better and for the worse. {said}") if drawn else None
    remark = f"The picture shows {len(drawn)} of {len(known):,}, gains and losses." if len(drawn) < len(known) else ""
    rows = [[*_cells(entry)] for entry in report.entries[:_MOST_ROWS]]
    more = _more(len(report.entries), "kb impact --csv has all")
    heads = ("what changed", "effect", "evidence", "lesson")
    return Section("Measured effects, the best shown first", heads, rows, picture, remark, more)


def _chosen(known: Sequence[Point]) -> list[Point]:
    """Return the points that are drawn: the best shown ones, always with some of the losses."""
    losses = [point for point in known if point.value < 0]
    others = [point for point in known if point.value >= 0]
    kept = losses[: max(_LEAST_LOSSES, _MOST_POINTS - len(others))]
    return [*others[: _MOST_POINTS - len(kept)], *kept]


def _losses(report: ImpactReport) -> Section:
    rows = [[*_cells(entry)] for entry in report.losses[:_MOST_ROWS]]
    more = _more(len(report.losses), "kb impact --csv has all")
    name = f"What got worse: {counted_entries(len(report.losses))}"
    return Section(name, ("what changed", "effect", "evidence", "lesson"), rows, more=more)


def _point(entry: Entry) -> Point | None:
    effect = entry.effect
    if effect.relative_gain is None or not effect.evidence:
        return None
    interval = None
    if effect.effect is not None and effect.low is not None and effect.high is not None and (effect.before or 0) > 0:
        low, high = sorted(effect.direction * bound / (effect.before or 1) * 100 for bound in (effect.low, effect.high))
        interval = (low, high)
    name = visible(", ".join(filter(None, (effect.metric or effect.words or entry.head.title, entry.unit))))
    return Point(name, effect.relative_gain * 100, interval, effect.evidence.grade)


def _cells(entry: Entry) -> Iterator[str]:
    effect = entry.effect
    yield effect.words
    yield "; ".join(part for part in (told(effect), *effect.notes) if part)
    yield str(effect.evidence)
    yield f"{entry.head.title} ({entry.place})"


def _returns(report: ImpactReport) -> Section:
    costs = report.costs
    rows = [("all costs", cost_line(costs))] if costs.lessons else []
    rows += [("together", return_total_line(total)) for total in costs.return_totals]
    rows += [(f"{head.title} ({head.path})", return_line(found)) for head, found in costs.returns[:_MOST_ROWS]]
    remark = "After Phillips 2003: benefits of the first year against costs; a benefit without a period counts once."
    more = _more(len(costs.returns), "kb impact --json has all")
    return Section("Return on cost", ("lesson", "return"), rows, remark=remark, more=more)


def _unmeasured(report: ImpactReport) -> Section:
    rows = [
        (
            ": ".join(part for part in (entry.effect.words, entry.effect.note) if part),
            f"{entry.head.title} ({entry.place})",
        )
        for entry in report.unmeasured[:_MOST_ROWS]
    ]
    more = _more(len(report.unmeasured), "kb impact --csv has all")
    return Section("Not measured", ("what is said", "lesson"), rows, more=more)


def _key() -> Section:
    rows = [(letter, grade.strength, grade.takes, grade.maryland) for letter, grade in GRADES.items()]
    remark = "Fewer than ten measured cases lower a grade by one."
    heads = ("grade", "evidence", "what it takes", "Maryland scale")
    return Section("What the grades mean", heads, rows, remark=remark)


def _more(count: int, where: str) -> str:
    return f"and {amount(count - _MOST_ROWS)} more; {where}" if count > _MOST_ROWS else ""
