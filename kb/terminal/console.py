"""The console, and texts and tables on a terminal; in a pipe, plain lines without colour."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

from ingest.format import NOT_CURRENT
from kb.served.caller import caller
from kb.visible import as_written, visible

if TYPE_CHECKING:
    from rich.table import Table

from ingest.lesson import Lesson

INDENT = 3
GAP = 2
"""Number of blanks between two columns of a table."""
_READABLE_WIDTH = 100
_WIDTH_WITHOUT_TERMINAL = 80


class _Console(Console):
    def on_broken_pipe(self) -> None:
        raise BrokenPipeError  # `main` handles it

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        for segment in super().render(renderable, options):
            yield segment if segment.control else Segment(visible(segment.text), segment.style)


def console(*, stderr: bool = False, wide: bool = False) -> Console:
    """Return a console as wide as the terminal, or plain lines for a pipe; unless `wide`, at most 100 columns."""
    stream = as_written(sys.stderr if stderr else sys.stdout)
    found = _Console(file=stream, highlight=False, markup=False, emoji=False, soft_wrap=False, **_elsewhere())
    if found.is_terminal and not wide and found.width > _READABLE_WIDTH:
        found.width = _READABLE_WIDTH
    return found


def _elsewhere() -> dict[str, Any]:
    """Return what rich must know of the terminal of another process, for which this one prints."""
    other = caller()
    if other is None:
        return {}
    named = other.environment.get("COLUMNS", "")
    width = None if named.isdigit() else other.columns or _WIDTH_WITHOUT_TERMINAL
    return {"width": width, "height": other.lines or None, "_environ": other.environment}


def print_lines(out: Console, text: Text, indent: int = INDENT, mark: str = "") -> None:
    """Print a text wrapped and indented, without trailing blanks, which a pipe would show; `mark` stands before it."""
    for line in text.wrap(out, max(out.width - indent - len(mark), 20)):
        line.rstrip()
        out.print(Text(" " * indent + mark).append_text(line), no_wrap=True, overflow="ignore", crop=False)
        mark = " " * len(mark)


def grid() -> Table:
    from rich.table import Table  # a search draws none

    return Table.grid(padding=(0, GAP))


def two_columns(rows: Sequence[tuple[str, str]]) -> Table:
    table = grid()
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in rows:
        table.add_row(name, value)
    return table


def marked_status(lesson: Lesson) -> str:
    """Return the status in brackets if a reader must know it before trusting the lesson, else an empty string."""
    return f" [{lesson.status}]" if lesson.status in ("draft", *NOT_CURRENT) else ""
