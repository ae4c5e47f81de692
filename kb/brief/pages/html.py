"""A brief as a page for a browser and a printer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from kb.brief.brief import SCREENING, Brief, Case, Line
from kb.brief.pages.wording import facts_of, label_of, said_of_contact, title_of, verdict
from kb.brief.statement import Statement
from kb.pages.page import render


class Said(NamedTuple):
    """A text of the page."""

    text: str
    place: str = ""
    """Where it is quoted from; empty if it is not."""
    label: str = ""
    """What it says of a case."""


class ShownCase(NamedTuple):
    """A case of the page."""

    title: str
    facts: str
    lines: tuple[Said, ...]


class Section(NamedTuple):
    """A list below a heading; `is_ordered` if its order counts."""

    name: str
    lines: tuple[Said, ...]
    is_ordered: bool = False


def html(brief: Brief) -> str:
    """Return the page."""
    label, meaning = verdict(brief)
    sections = (
        Section("Tools to take", _quoted(brief.tools)),
        Section("How to work it out", _quoted(brief.steps), _is_ordered(brief.steps)),
        Section("What did not work", _quoted(brief.failures)),
        Section("Whom to call", tuple(Said(said_of_contact(contact)) for contact in brief.people)),
        Section("What the library does not know", tuple(map(Said, brief.unknown))),
    )
    return render(
        "brief.html",
        f"Brief: {brief.problem}",
        verdict=label,
        meaning=meaning,
        cases=[ShownCase(title_of(case), facts_of(case), _lines(case)) for case in brief.cases],
        sections=[section for section in sections if section.lines],
        questions=SCREENING,
    )


def _lines(case: Case) -> tuple[Said, ...]:
    return tuple(_said(line)._replace(label=label_of(line.role)) for line in case.lines)


def _said(line: Line) -> Said:
    return Said(line.said.text, line.said.place) if isinstance(line.said, Statement) else Said(line.said)


def _quoted(statements: Iterable[Statement]) -> tuple[Said, ...]:
    return tuple(Said(statement.text, statement.place) for statement in statements)


def _is_ordered(steps: Iterable[Statement]) -> bool:
    return all(step.item[:-1].isdigit() for step in steps)
