"""Prints what interventions brought, in the requested form."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from kb.output.form import JSON, Form, print_json, print_text

if TYPE_CHECKING:
    from kb.impact.report import ImpactReport

CSV, HTML = "csv", "html"


def print_impact(
    report: ImpactReport, form: Form, *, limit: int, out: Path | None, notify: Callable[[str], None]
) -> None:
    """Print a report: as text, JSON, a table with commas, or a page, which goes to `out` if that is given.

    `notify` is called before with why there is no lesson, and after with where the page was written.
    """
    for note in report.notes:
        notify(note)
    if form == JSON:
        print_json(report)
    elif form == CSV:
        from kb.impact.csv_table import csv_of

        print_text(csv_of(report), end="")
    elif form == HTML:
        _print_page(report, out, notify)
    else:
        from kb.terminal.impact import draw_impact

        draw_impact(report, limit)


def _print_page(report: ImpactReport, out: Path | None, notify: Callable[[str], None]) -> None:
    from kb.impact.page import page_of

    page = page_of(report)
    if out is None:
        print_text(page, end="")
        return
    from kb.system.output_file import write_output

    write_output(out, page)
    notify(f"written to {out}")
