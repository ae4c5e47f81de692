"""A brief as a page for a browser and a printer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from ingest.lesson import Lesson
from kb.brief.brief import SCREENING, Brief, Case, Contact, Line
from kb.brief.pages.wording import facts_of, label_of, said_of_contact, title_of, verdict
from kb.brief.statement import Statement
from kb.pages.page import render


class Said(NamedTuple):
    """A text of the page."""

    text: str
    place: str = ""
    """Where it is quoted from; empty if it is not."""
    address: str = ""
    """Of that place; empty if it has none."""
    label: str = ""
    """What it says of a case."""


class ShownCase(NamedTuple):
    """A case of the page."""

    title: str
    facts: str
    lines: tuple[Said, ...]
    address: str = ""


class Section(NamedTuple):
    """A list below a heading; `is_ordered` if its order counts."""

    name: str
    lines: tuple[Said, ...]
    is_ordered: bool = False


AddressOf = Callable[[Lesson, int], str]
"""Takes a lesson and a line of it, 0 for none; returns where it is to be read, empty for nowhere."""


def _nowhere(_: Lesson, __: int) -> str:
    return ""


def html(brief: Brief) -> str:
    """Return the page."""
    return render("brief.html", title_of_page(brief), **contents_of(brief))


def title_of_page(brief: Brief) -> str:
    return f"Brief: {brief.problem}"


def contents_of(brief: Brief, address_of: AddressOf = _nowhere) -> dict[str, Any]:
    """Return what the template of the page takes."""
    label, meaning = verdict(brief)
    sections = (
        Section("Tools to take", _quoted(brief.tools, address_of)),
        Section("How to work it out", _quoted(brief.steps, address_of), _is_ordered(brief.steps)),
        Section("What did not work", _quoted(brief.failures, address_of)),
        Section("Whom to call", tuple(_called(contact, address_of) for contact in brief.people)),
        Section("What the library does not know", tuple(map(Said, brief.unknown))),
    )
    return {
        "verdict": label,
        "relevance": brief.relevance.value if brief.cases else "",
        "meaning": meaning,
        "cases": [_case(case, address_of) for case in brief.cases],
        "sections": [section for section in sections if section.lines],
        "questions": SCREENING,
    }


def _case(case: Case, address_of: AddressOf) -> ShownCase:
    lines = tuple(_said(line, address_of)._replace(label=label_of(line.role)) for line in case.lines)
    return ShownCase(title_of(case), facts_of(case), lines, address_of(case.lesson, 0))


def _said(line: Line, address_of: AddressOf) -> Said:
    return _quote(line.said, address_of) if isinstance(line.said, Statement) else Said(line.said)


def _quoted(statements: Iterable[Statement], address_of: AddressOf) -> tuple[Said, ...]:
    return tuple(_quote(statement, address_of) for statement in statements)


def _quote(statement: Statement, address_of: AddressOf) -> Said:
    return Said(statement.text, statement.place, address_of(statement.lesson, statement.line))


def _called(contact: Contact, address_of: AddressOf) -> Said:
    return Said(said_of_contact(contact), "", address_of(contact.lesson, 0))


def _is_ordered(steps: Iterable[Statement]) -> bool:
    return all(step.item[:-1].isdigit() for step in steps)
