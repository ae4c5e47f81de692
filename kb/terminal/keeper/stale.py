"""The lessons that somebody must look at, drawn for a person."""

from __future__ import annotations

from rich.text import Text

from kb.ageing.stale import Stale
from kb.terminal.console import INDENT, console, marked_status, print_lines
from kb.visible import visible


def draw_stale(stale: Stale) -> None:
    """Print each lesson with its reasons, who looks after it, and the commands to begin with."""
    out = console()
    for number, each in enumerate(stale.lessons):
        if number:
            out.print()
        title = Text(visible(each.lesson.title), "bold").append(marked_status(each.lesson), "yellow")
        print_lines(out, title, indent=0)
        for reason in each.reasons:
            print_lines(out, Text.assemble((f"{reason.cause.value}: ", "yellow"), visible(reason.words)))
        print_lines(out, Text(f"owner: {visible(str(each.owner))}" if each.owner else "owner: nobody is known", "dim"))
        for command in dict.fromkeys(reason.command for reason in each.reasons):
            line = Text(" " * INDENT).append(visible(command), "cyan")
            out.print(line, no_wrap=True, overflow="ignore", crop=False)  # so that it can be copied
