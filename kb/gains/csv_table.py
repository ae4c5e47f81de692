"""Effects as a table with commas, for a spreadsheet."""

from __future__ import annotations

import csv
import io
from functools import lru_cache
from typing import Any

from kb.gains.report import Entry, ImpactReport
from kb.visible import visible

COLUMNS = (
    *(
        "id",
        "path",
        "line",
        "title",
        "date",
        "status",
        "organisation",
        "area",
        "kind",
        "design",
        "metric",
        "measured",
        "grade",
    ),
    *(
        "evidence",
        "before",
        "after",
        "unit",
        "per",
        "change",
        "relative",
        "relative_effect",
        "effect",
        "low",
        "high",
        "method",
        "outcome",
        "good",
    ),
    *("gain", "share", "credited", "target", "reached", "words", "notes"),
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_of(report: ImpactReport) -> str:
    """Return one row for each entry, the measured ones first."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_cells(entry) for entry in (*report.entries, *report.unmeasured))
    return written.getvalue()


def _cells(entry: Entry) -> list[Any]:
    found = entry.as_json()
    evidence, interval, method = found["evidence"], found["interval"], found["method"]
    values: dict[str, object] = {
        **found,
        **found["unit"],
        "unit": found["unit"]["name"],
        "grade": evidence["grade"] if evidence else None,
        "evidence": evidence["words"] if evidence else None,
        "low": interval["low"] if interval else None,
        "high": interval["high"] if interval else None,
        "method": method["name"] if method else None,
        "notes": "; ".join(found["notes"]),
    }
    values.update(measured="yes" if found["measured"] else "no")
    cells = map(values.__getitem__, COLUMNS)  # one loop: a company has half a million cells
    return [_text(cell) if isinstance(cell, str) else cell for cell in cells]


@lru_cache(maxsize=1024)  # most cells are one of a few words
def _text(value: str) -> str:
    """Return a text for a cell; one that a spreadsheet would run as a formula begins with an apostrophe."""
    text = visible(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
