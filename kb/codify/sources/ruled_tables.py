"""Converts tables whose columns are drawn with dashes, as Pandoc writes them for Word, to tables with pipes."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_RULE = re.compile(r" *-{2,}(?: +-{2,})* *")
_COLUMN = re.compile(r"-+")
_WIDEST = 400
_MOST_ROWS = 2_000
_INACCURACY = 2
"""Most characters by which the length of a rule may differ from that expected."""


class _Table(NamedTuple):
    """The rows of a table: its first row, the rule that draws the columns, the closing rule or the row after it."""

    start: int
    rule: int
    end: int
    is_closed: bool


def with_piped_tables(rows: Sequence[str]) -> list[str]:
    """Return as many rows, with such tables between pipes; Markdown would read their last row as a heading."""
    left = list(rows)
    for table in _tables(rows):
        length = table.end + table.is_closed - table.start
        piped = list(_piped(rows, table))
        left[table.start : table.start + length] = [*piped, *[""] * (length - len(piped))]
    return left


def _tables(rows: Sequence[str]) -> Iterator[_Table]:
    rules = [row for row, line in enumerate(rows) if "--" in line and len(line) <= _WIDEST and _RULE.fullmatch(line)]
    if not any(_draws_columns(rows[rule]) for rule in rules):
        return
    blanks = [row for row, line in enumerate(rows) if not line.strip()]
    reached = 0
    for number, rule in enumerate(rules):
        if rule < reached or not _draws_columns(rows[rule]):
            continue
        above = max(rules[number - 1] if number else -1, _last_before(blanks, rule), reached - 1)
        closing = rules[number + 1] if number + 1 < len(rules) else len(rows)
        blank = blanks[bisect_left(blanks, rule)] if blanks and blanks[-1] > rule else len(rows)
        is_opened = above >= reached and above < rule - 1 and _is_as_wide(rows[above], rows[rule])
        if (
            is_opened
            and closing - rule <= _MOST_ROWS
            and closing < len(rows)
            and _is_as_wide(rows[closing], rows[rule])
        ):
            yield _Table(above, rule, closing, is_closed=True)
            reached = closing + 1
        elif above == rule - 2 and (above < 0 or not rows[above].strip()) and blank > rule + 1:
            end = min(blank, closing)
            yield _Table(rule - 1, rule, end, is_closed=closing < blank)
            reached = end + 1


def _draws_columns(row: str) -> bool:
    return len(_COLUMN.findall(row)) > 1


def _is_as_wide(row: str, columns: str) -> bool:
    """Return whether a row is one rule as long as the rules of all columns together."""
    line = row.strip()
    return bool(line) and not line.strip("-") and abs(len(line) - len(columns.strip())) <= _INACCURACY


def _last_before(places: Sequence[int], row: int) -> int:
    at = bisect_left(places, row)
    return places[at - 1] if at else -1


def _piped(rows: Sequence[str], table: _Table) -> Iterator[str]:
    starts = [column.start() for column in _COLUMN.finditer(rows[table.rule])]
    head = [row for row in rows[table.start : table.rule] if row.strip(" -")]
    yield _row(head, starts)
    yield "|" + "---|" * len(starts)
    body: list[str] = []
    is_multiline = any(not row.strip() for row in rows[table.rule + 1 : table.end])
    for row in [*rows[table.rule + 1 : table.end], ""]:
        if body and (not is_multiline or not row.strip()):
            yield _row(body, starts)
            body = []
        if row.strip():
            body.append(row)


def _row(rows: Sequence[str], starts: Sequence[int]) -> str:
    """Join the rows of one table row cell by cell; a cell is cut at a blank only."""
    cells: list[list[str]] = [[] for _ in starts]
    for row in rows:
        places = [0, *(_place(row, start) for start in starts[1:]), len(row)]
        for number, cell in enumerate(cells):
            cell.append(row[places[number] : places[number + 1]].strip().replace("|", "\\|"))
    return f"| {' | '.join(' '.join(part for part in cell if part) for cell in cells)} |"


def _place(row: str, start: int) -> int:
    """Return where a column begins on a row: before a word that extends over the column's edge."""
    place = min(start, len(row))
    if place < len(row) and place and not row[place - 1].isspace():
        place = max(row.rfind(" ", 0, place) + 1, row.rfind("\t", 0, place) + 1)
    return place
