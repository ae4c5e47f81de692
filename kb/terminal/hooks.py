"""Lessons at decision points, drawn for a person."""

from __future__ import annotations

from pathlib import Path

from rich.text import Text

from kb.hooks.checklist import Checklist
from kb.hooks.checklist_page import HEADING
from kb.retrieval.answer import Answer
from kb.terminal.answers import print_result
from kb.terminal.console import console, print_lines
from kb.visible import visible


def draw_lessons(answer: Answer) -> None:
    """Print lessons as a search does."""
    out = console()
    for number, result in enumerate(answer.results):
        if number:
            out.print()
        print_result(out, result, Path(), result.relevance.label)


def draw_checklist(made: Checklist) -> None:
    """Print each item: what to consider, from which lesson, and whom to ask."""
    out = console()
    print_lines(out, Text(HEADING, "bold"), indent=0)
    for item in made.items:
        out.print()
        first, *further = Text(visible(item.text)).wrap(out, max(out.width - 4, 20))
        first.rstrip()
        out.print(Text.assemble(("[ ] ", "bold"), first))
        for line in further:
            print_lines(out, line, indent=4)
        lesson = item.result.lesson
        print_lines(out, Text.assemble(visible(lesson.title), (f" · {item.result.relevance.label}", "cyan")), indent=4)
        if item.result.ask:
            print_lines(out, Text.assemble(("ask: ", "dim"), visible(str(item.result.ask))), indent=4)
        print_lines(out, Text(visible(f"{lesson.path}:{item.line}"), "dim"), indent=4)
