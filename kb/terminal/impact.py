"""The impact of interventions, drawn for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from kb.gains.wording import (
    grades_line,
    group_count,
    group_lines,
    overview,
    return_line,
    told,
)
from kb.terminal.console import INDENT, console, print_lines

if TYPE_CHECKING:
    from kb.gains.report import Entry, ImpactReport


def draw_impact(report: ImpactReport, limit: int) -> None:
    """Print an overview, the groups, the returns, and `limit` entries of each list."""
    out = console()
    _overview(out, report)
    for group in report.groups:
        out.print()
        print_lines(out, Text.assemble((group.name, "bold"), ": ", group_count(group)), 0)
        for line in (grades_line(dict(group.grades)), *group_lines(group)):
            if line:
                print_lines(out, Text(line))
    if report.returns:
        _section(out, "return on cost", "Phillips 2003; benefits of the first year; without a period they count once")
        for head, returned in report.returns[:limit]:
            print_lines(out, Text(f"{head.id}: {return_line(returned)}"))
        _more(out, len(report.returns) - limit)
    if report.entries:
        _section(out, "measured", "the best shown first")
        for entry in report.entries[:limit]:
            _entry(out, entry)
        _more(out, len(report.entries) - limit)
    if report.unmeasured:
        _section(out, "not measured", "entries without a figure")
        for entry in report.unmeasured[:limit]:
            print_lines(out, Text(": ".join(part for part in (entry.effect.words, entry.effect.note) if part)))
            print_lines(out, Text(f"{entry.head.id}  {entry.place}", "dim"))
        _more(out, len(report.unmeasured) - limit)


def _overview(out: Console, report: ImpactReport) -> None:
    print_lines(out, Text(overview(report)), 0)
    whole = report.whole
    for line in (f"evidence: {grades}" if (grades := grades_line(dict(whole.grades))) else "", *group_lines(whole)):
        if line:
            print_lines(out, Text(line))


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
