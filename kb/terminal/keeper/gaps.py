"""Gaps, drawn for a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from kb.terminal.console import INDENT, console, print_lines
from kb.visible import visible
from kb.wording import shortened

if TYPE_CHECKING:
    from kb.demand.gap import Gap

_OTHERS_SHOWN = 2
_LONGEST_QUESTION = 72


def draw_gaps(gaps: Sequence[Gap]) -> None:
    """Print each gap in a few lines: its question, how often and why, other wordings, what is near, what to do."""
    out = console()
    for number, gap in enumerate(gaps, 1):
        if number > 1:
            out.print()
        print_lines(out, Text(f"{number}. {visible(gap.label)}", "bold"), indent=0)
        for line in _lines(gap):
            print_lines(out, line)
        # One line, however long: it is to be copied.
        command = Text(f"{' ' * INDENT}→ {visible(gap.command(number))}", "green")
        out.print(command, no_wrap=True, overflow="ignore", crop=False)


def _lines(gap: Gap) -> Iterator[Text]:
    yield Text(gap.reasons())
    if others := gap.questions[1 : 1 + _OTHERS_SHOWN]:
        shown = (f"“{visible(shortened(question, _LONGEST_QUESTION))}”" for question in others)
        yield Text(f"also: {', '.join(shown)}", "dim")
    for close in gap.closest[:1]:
        yield Text.assemble("nearest: ", (close.id, "cyan"), f": {close.title}" if close.title else "")
    yield Text(gap.advice())
