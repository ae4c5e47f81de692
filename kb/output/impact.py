"""Prints what interventions brought, in the requested form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kb.output.form import JSON, Form, print_or_write
from kb.visible import json_text

if TYPE_CHECKING:
    from kb.gains.report import ImpactReport


def print_impact(
    report: ImpactReport, form: Form, *, limit: int, out: Path | None, notify: Callable[[str], None]
) -> None:
    """Print a report as text for a person, with `limit` entries of each list; in another form print or write all.

    `notify` is called before with what the report leaves out, and after with where it was written. Raises
    `CannotWrite`.
    """
    for note in report.notes:
        notify(note)
    if form is None:
        from kb.terminal.impact import draw_impact

        draw_impact(report, limit)
    else:
        print_or_write(FORMS[form].write(report).rstrip("\n"), out, notify)


def _csv(report: ImpactReport) -> str:
    from kb.gains.csv_table import csv_of

    return csv_of(report)


def _page(report: ImpactReport) -> str:
    from kb.gains.page import page_of

    return page_of(report)


class Writer(NamedTuple):
    """Serializes a report."""

    help: str
    """The help text of the option."""
    write: Callable[[ImpactReport], str]


FORMS: Mapping[str, Writer] = {
    JSON: Writer("Print one JSON object.", lambda report: json_text(report.as_json())),
    "csv": Writer("Print a row for each entry.", _csv),
    "html": Writer("Print a page with pictures.", _page),
}
