"""Rows of tables in several notations: `| a | b |`, Confluence's `|| a || b ||`, or columns separated by blanks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_PIPED = re.compile(r"\s*\|{1,2}(?P<cells>.*\S)\s*")
_UNPIPED = re.compile(r"(?<!\\)\|{1,2}")
_COLUMNS = re.compile(r"\s{2,}|\t+")
_RULE = frozenset(" \t|:-+=")


def cells_of(row: str) -> list[str]:
    """Return the cells of a row between pipes; empty for any other row."""
    found = _PIPED.fullmatch(row) if "|" in row else None
    if not found or is_rule(row):
        return []
    row_cells = found["cells"]
    return [cell.strip() for cell in _UNPIPED.split(row_cells.rstrip("|") if row_cells.endswith("|") else row_cells)]


def columns_of(row: str) -> list[str]:
    """Return the cells of a row, separated by pipes, two blanks or a tab; empty for a line of prose."""
    columns = cells_of(row) or _COLUMNS.split(row.strip())
    return columns if len(columns) > 1 else []


def is_rule(row: str) -> bool:
    """Return whether a row is only a drawn line of a table."""
    return ("-" in row or "=" in row or "|" in row) and _RULE.issuperset(row)


def tables(rows: Sequence[str]) -> Iterator[range]:
    """Yield the ranges of consecutive rows between pipes, including drawn lines."""
    start = None
    for number, row in enumerate([*rows, ""]):
        is_row = bool(cells_of(row)) or ("|" in row and is_rule(row)) or row.lstrip().startswith("+--")
        if is_row and start is None:
            start = number
        elif not is_row and start is not None:
            yield range(start, number)
            start = None
