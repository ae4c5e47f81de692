"""People to ask, drawn for a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from kb.people.contact import in_words
from kb.terminal.console import console, print_lines
from kb.visible import visible
from kb.wording import counted

if TYPE_CHECKING:
    from kb.who.who import Expert

_LESSONS_SHOWN = 3


def draw_people(people: Sequence[Expert]) -> None:
    """Print each person in a few lines: name, roles, contact, for whom, and the lessons that lead there."""
    out = console()
    for rank, expert in enumerate(people, 1):
        if rank > 1:
            out.print()
        print_lines(out, Text(f"{rank}. {visible(expert.ask.name)}", "bold"), indent=0)
        for line in _lines(expert):
            print_lines(out, line)


def _lines(expert: Expert) -> Iterator[Text]:
    roles = (in_words(role) for role in expert.roles if role != expert.ask.stands_in)
    where = " · ".join(part for part in (", ".join(roles), expert.ask.unit) if part)
    if where:
        yield Text(where, "cyan")
    if expert.instead_of or expert.ask.stands_in:
        yield Text(_stands_in(expert), "yellow")
    yield Text(expert.ask.contact) if expert.ask.contact else Text("no contact is known", "dim")
    latest = f", the latest of {expert.latest.date}" if expert.latest.date else ""
    yield Text(f"{counted(len(expert.lessons), 'lesson')} found{latest}; {expert.relevance.label}", "dim")
    for lesson in expert.lessons[:_LESSONS_SHOWN]:
        yield Text.assemble((lesson.id, "cyan"), f": {lesson.title}")


def _stands_in(expert: Expert) -> str:
    left = ", ".join(expert.instead_of)
    reasons = {"successor": "took over", "owner": "owner of this library", "": "also"}
    reason = reasons.get(expert.ask.stands_in, "learning professional of the unit")
    return f"{reason}, for {left} (has left)" if left else reason
