"""A problem looked at in other ways than as a list of lessons: one page on it, and the people to ask."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ingest.lesson import Lesson
from kb.brief.pages.html import contents_of, title_of_page
from kb.pages.library import Said
from kb.pages.page import render_in
from kb.people.contact import in_words
from kb.serve.page.asked import Question
from kb.serve.page.frame import Place
from kb.serve.page.library import Library
from kb.serve.page.search import box_of
from kb.showing.page import link_to
from kb.who.who import Expert
from kb.wording import counted, shortened

_LESSONS_SHOWN = 3
_LONGEST_TITLE = 120


class Person(NamedTuple):
    """Somebody to ask."""

    name: str
    about: str
    stands_in: str
    contact: str
    address: str
    """That begins a mail or a call; empty if there is none."""
    why: str
    lessons: Sequence[Said]


def brief_page(library: Library, question: Question, place: Place) -> str:
    """Return one page on a problem; raises `QueryError`."""
    shell = place.shell(has_box=True)
    box = box_of(question, "brief")
    if not question.asks:
        return render_in(shell, "served/ask.html", "One page on a problem", box=box, lead=_FOR_A_BRIEF)
    request = question.request(library.base.config)
    with library.base.open(request.mode) as index:
        brief = index.brief(request)

    def address_of_line(lesson: Lesson, line: int) -> str:
        page = library.content.addresses.lesson(lesson.id) or ""
        return f"{page}#L{line}" if page and line else page

    title = shortened(title_of_page(brief), _LONGEST_TITLE)
    return render_in(shell, "served/brief.html", title, box=box, **contents_of(brief, address_of_line))


_FOR_A_BRIEF = "The cases, tools and steps for a problem, and whom to call, on one page that can be printed."
_FOR_WHO = "The people who know most about a problem, by the lessons that they stand behind."


def who_page(library: Library, question: Question, place: Place) -> str:
    """Return the people to ask about a problem; raises `QueryError`."""
    shell = place.shell(has_box=True)
    box = box_of(question, "who")
    if not question.asks:
        return render_in(shell, "served/ask.html", "Whom to ask", box=box, lead=_FOR_WHO)
    found = library.base.who(question.request(library.base.config))
    return render_in(
        shell,
        "served/who.html",
        "Whom to ask",
        box=box,
        problem=found.problem,
        sure=found.is_helpful,
        label=found.relevance.label,
        relevance=found.relevance.value,
        people=[_person(expert, library) for expert in found.people],
    )


def _person(expert: Expert, library: Library) -> Person:
    ask = expert.ask
    roles = (in_words(role) for role in expert.roles if role != ask.stands_in)
    shown = expert.lessons[:_LESSONS_SHOWN]
    latest = f", the latest of {expert.latest.date}" if expert.latest.date else ""
    return Person(
        ask.name,
        " · ".join(filter(None, (", ".join(roles), ask.unit))),
        "; ".join(_standing_in(expert)),
        ask.contact,
        link_to(ask.contact),
        f"{counted(len(expert.lessons), 'lesson')} found{latest}; {expert.relevance.label}",
        [library.named(lesson.id) for lesson in shown],
    )


def _standing_in(expert: Expert) -> Iterator[str]:
    reasons = {"successor": "took over", "owner": "owner of this library", "": ""}
    if reason := reasons.get(expert.ask.stands_in, "learning professional of the unit"):
        yield reason
    if expert.instead_of:
        yield f"for {', '.join(expert.instead_of)} (has left)"
