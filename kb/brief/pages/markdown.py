"""A brief as a page of Markdown, at most `LINES` lines of `WIDTH` characters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from textwrap import wrap

from kb.brief.brief import SCREENING, Brief, Case, Contact, Line
from kb.brief.pages.wording import facts_of, label_of, said_of_contact, title_of, verdict
from kb.brief.statement import Statement

LINES, WIDTH = 60, 80
# What Markdown would take for markup in a text that has none.
_MARKUP = re.compile(r"\\(?=[!-/:-@\[-`{-~])|[`*<]|(?<!\w)_|_(?!\w)|\[(?=[^\]]*\]\()")

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
    title = (f"{number}. ", f"**{_escaped(title_of(case))}** ({_escaped(facts_of(case))})")
    return [title, *(("   - ", f"{label_of(line.role)}: {_said(line)}") for line in case.lines)]


def _said(line: Line) -> str:
    return quoted(line.said) if isinstance(line.said, Statement) else _escaped(line.said)


def quoted(statement: Statement) -> str:
    """Return a statement with its place."""
    return f"{_escaped(statement.text)} [{_escaped(statement.place)}]"


def contact_line(contact: Contact) -> str:
    return _escaped(said_of_contact(contact))


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
    label, meaning = verdict(brief)
    return f"**{label}** ({meaning})"


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
