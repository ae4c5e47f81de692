"""The impact of interventions, drawn for a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from kb.gains.wording import (
    cost_line,
    counted_entries,
    grades_line,
    group_count,
    group_lines,
    outcomes_line,
    overview,
    return_line,
    return_total_line,
    told,
)
from kb.terminal.console import INDENT, console, print_lines

if TYPE_CHECKING:
    from kb.gains.costs import Costs
    from kb.gains.report import Entry, ImpactReport


def draw_impact(report: ImpactReport, limit: int) -> None:
    """Print an overview, the groups, the returns, and `limit` entries of each list."""
    out = console()
    _overview(out, report)
    for group in report.groups:
        out.print()
        print_lines(out, Text.assemble((group.name, "bold"), ": ", group_count(group)), 0)
        for line in (outcomes_line(group), grades_line(dict(group.grades)), *group_lines(group)):
            if line:
                print_lines(out, Text(line))
    if report.costs.lessons:
        _returns(out, report.costs, limit)
    _measured(out, report.entries, limit)
    _losses(out, report.losses, limit)
    _unmeasured(out, report.unmeasured, limit)


def _measured(out: Console, entries: Sequence[Entry], limit: int) -> None:
    if entries:
        _section(out, "measured", "the best shown first")
    for entry in entries[:limit]:
        _entry(out, entry)
    _more(out, len(entries) - limit)


def _losses(out: Console, entries: Sequence[Entry], limit: int) -> None:
    if entries:
        _section(out, "what got worse", counted_entries(len(entries)))
    for entry in entries[:limit]:
        print_lines(out, Text(f"{entry.effect.words}: {told(entry.effect)}"))
        print_lines(out, Text(f"{entry.head.id}  {entry.place}", "dim"), 2 * INDENT)
    _more(out, len(entries) - limit)


def _unmeasured(out: Console, entries: Sequence[Entry], limit: int) -> None:
    if entries:
        _section(out, "not measured", "entries without a figure")
    for entry in entries[:limit]:
        print_lines(out, Text(": ".join(part for part in (entry.effect.words, entry.effect.note) if part)))
        print_lines(out, Text(f"{entry.head.id}  {entry.place}", "dim"))
    _more(out, len(entries) - limit)


def _overview(out: Console, report: ImpactReport) -> None:
    print_lines(out, Text(overview(report)), 0)
    whole = report.whole
    grades = grades_line(dict(whole.grades))
    evidence = f"entries by evidence: {grades}"
    for line in (outcomes_line(whole), evidence if grades else "", *group_lines(whole)):
        if line:
            print_lines(out, Text(line))


def _returns(out: Console, costs: Costs, limit: int) -> None:
    _section(out, "return on cost", "Phillips 2003; benefits of the first year; without a period they count once")
    print_lines(out, Text(cost_line(costs)))
    for total in costs.return_totals:
        print_lines(out, Text(return_total_line(total)))
    for head, returned in costs.returns[:limit]:
        print_lines(out, Text(f"{head.id}: {return_line(returned)}"))
    _more(out, len(costs.returns) - limit)


def _section(out: Console, name: str, remark: str) -> None:
    out.print()
    print_lines(out, Text.assemble((name, "bold"), f" ({remark})"), 0)


def _entry(out: Console, entry: Entry) -> None:
    effect = entry.effect
    print_lines(out, Text(effect.words))
    for line in (told(effect), f"evidence {effect.evidence}", *(f"note: {note}" for note in effect.notes)):
        if line:
            print_lines(out, Text(line), 2 * INDENT)
    print_lines(out, Text(f"{entry.head.id}  {entry.place}", "dim"), 2 * INDENT)


def _more(out: Console, count: int) -> None:
    if count > 0:
        print_lines(out, Text(f"and {count:,} more; see --limit", "dim"))
