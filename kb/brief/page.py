"""A brief as a page of Markdown, at most `LINES` lines of `WIDTH` characters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap

from kb.brief.brief import SCREENING, Brief, Case, Contact, Line, Role
from kb.brief.statement import Statement
from kb.lessons.stated import stated
from kb.wording import counted, shortened
from search.engine import Relevance

LINES, WIDTH = 60, 80
_VERDICT: Mapping[Relevance, str] = {
    Relevance.ANSWERS: "the library answers this",
    Relevance.MAY_HELP: "the library may help; judge the cases yourself",
    Relevance.NEAREST: "weak: nothing in the library is sure to help; these are only the nearest cases",
}
# Titles, names and units are shortened, sentences never.
_LONGEST_FACT = 200
# What Markdown would take for markup in a text that has none.
_MARKUP = re.compile(r"\\(?=[!-/:-@\[-`{-~])|[`*<]|(?<!\w)_|_(?!\w)|\[(?=[^\]]*\]\()")

_ROLES = {Role.ALIKE: "like yours", Role.UNLIKE: "not in it"}

Marked = tuple[str, str]
"""What stands before a text, such as `- `, and the text."""


def markdown(brief: Brief) -> str:
    """Return the page."""
    return "\n".join(_page(brief))


def lines_needed(marked: Marked) -> int:
    """Return how many lines of the page a text takes."""
    return len(_wrapped(*marked))


def said_of_case(number: int, case: Case) -> list[Marked]:
    """Return the title of a case, and each of its lines."""
    lesson = case.lesson
    facts = ", ".join(filter(None, (lesson.id, stated(lesson.unit), lesson.date, lesson.status)))
    shown_title, shown_facts = (_escaped(shortened(text, _LONGEST_FACT)) for text in (lesson.title, facts))
    title = (f"{number}. ", f"**{shown_title}** ({shown_facts})")
    return [title, *(("   - ", f"{_ROLES.get(line.role, line.role)}: {_said(line)}") for line in case.lines)]


def _said(line: Line) -> str:
    return quoted(line.said) if isinstance(line.said, Statement) else _escaped(line.said)


def quoted(statement: Statement) -> str:
    """Return a statement with its place."""
    return f"{_escaped(statement.text)} [{_escaped(statement.place)}]"


def contact_line(contact: Contact) -> str:
    return (
        f"{_escaped(shortened(contact.name, _LONGEST_FACT))} ({_escaped(shortened(contact.lesson.id, _LONGEST_FACT))})"
    )


def fixed_lines(brief: Brief) -> int:
    """Return how many lines of the page are there whatever was found: the head and the two questions."""
    return len([*_head(brief), *_screening()])


def _page(brief: Brief) -> Iterator[str]:
    yield from _head(brief)
    yield from _section(
        "Cases", [line for number, case in enumerate(brief.cases, 1) for line in said_of_case(number, case)]
    )
    yield from _section("Tools to take", _listed(map(quoted, brief.tools)))
    yield from _section("How to work it out", list(_steps(brief.steps)))
    yield from _section("What did not work", _listed(map(quoted, brief.failures)))
    yield from _section("Whom to call", _listed(map(contact_line, brief.people)))
    yield from _section("What the library does not know", _listed(map(_escaped, brief.unknown)))
    yield from _screening()


def _head(brief: Brief) -> Iterator[str]:
    yield from _wrapped("# ", f"Brief: {_escaped(brief.problem)}")
    yield ""
    yield from _wrapped("", _verdict(brief))


def _screening() -> Iterator[str]:
    yield from _section("Before you begin", _listed(f"[ ] {question}" for question in SCREENING))


def _verdict(brief: Brief) -> str:
    searched = f"{counted(brief.index.lessons, 'lesson')} searched"
    if not brief.cases:
        return f"**nothing found** ({searched})"
    return f"**{brief.relevance.label}** ({_VERDICT[brief.relevance]}; {searched})"


def _listed(texts: Iterator[str]) -> list[Marked]:
    return [("- ", text) for text in texts]


def _steps(steps: Sequence[Statement]) -> Iterator[Marked]:
    for number, step in enumerate(steps, 1):
        yield f"{number}. " if step.item[:-1].isdigit() else "- ", quoted(step)


def _section(title: str, items: Sequence[Marked]) -> Iterator[str]:
    if items:
        yield from ("", f"## {title}")
        for marked in items:
            yield from _wrapped(*marked)


def _wrapped(mark: str, text: str) -> list[str]:
    return wrap(
        text,
        WIDTH,
        initial_indent=mark,
        subsequent_indent="" if mark == "# " else " " * len(mark),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _escaped(text: str) -> str:
    return _MARKUP.sub(r"\\\g<0>", text)
