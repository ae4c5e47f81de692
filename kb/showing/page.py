"""A lesson as a page: what is said beside its text, and what leads elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, Protocol
from urllib.parse import quote

from markupsafe import Markup

from ingest.format import Event
from ingest.lesson import Lesson, text_of
from kb.impact.worth import in_a_phrase
from kb.lessons.evidence import evidence_of_lesson
from kb.lessons.stated import stated
from kb.pages.library import Fact, LessonView, Part, Said
from kb.pages.rendering import Rendered
from kb.people.contact import Ask
from kb.people.naming import addresses_in
from kb.reuse.tally import tally
from kb.reuse.use import Use

_NUMBER = re.compile(r"\+?[0-9]{5,15}")
"""Of a telephone, without what only makes it easier to read."""


class Addresses(Protocol):
    """Where the pages of a library are, from its first page."""

    def lesson(self, id_: str) -> str | None:
        """Return the address of a lesson; None if there is no lesson with this id."""
        ...

    def tag(self, tag: str) -> str: ...

    def unit(self, unit: str) -> str: ...


class Beside(NamedTuple):
    """What others know of a lesson."""

    ask: Ask | None
    uses: Sequence[Use] = ()
    successors: Sequence[str] = ()
    """The ids of the lessons that replace it."""
    written: Sequence[str] = ()
    """Who wrote it and when, the latest first."""


def view_of(
    lesson: Lesson, beside: Beside, body: Rendered, addresses: Addresses, title_of: Callable[[str], str]
) -> LessonView:
    """Return what the page of a lesson shows; `title_of` returns the title of another lesson, by its id."""

    def named(id_: str, note: str = "") -> Said:
        address = addresses.lesson(id_)
        return Said(title_of(id_) if address else id_, address or "", note)

    facts = [fact for fact in _facts(lesson, beside, addresses) if fact.lines]
    return LessonView(
        lesson.title,
        " ".join(stated(lesson.summary).split()),
        [*_about(lesson, addresses)],
        [*_notice(lesson, beside.successors, named)],
        facts,
        [Said(tag, addresses.tag(tag)) for tag in dict.fromkeys(lesson.tags)],
        Markup(body.html),  # noqa: S704 - sanitized
        body.anchors,
        [part for part in _parts(lesson, beside, named) if part.lines],
    )


_Named = Callable[..., Said]


def _notice(lesson: Lesson, successors: Sequence[str], named: _Named) -> Iterator[Said]:
    if lesson.is_current and lesson.status != "draft":
        return
    because = f": {lesson.status_because}" if lesson.status_because else ""
    yield Said(f"This lesson is {'a draft' if lesson.status == 'draft' else lesson.status}{because}.")
    if successors:
        yield Said("It is replaced by")
        yield from map(named, successors)


def _facts(lesson: Lesson, beside: Beside, addresses: Addresses) -> Iterator[Fact]:
    evidence, uses = evidence_of_lesson(lesson), tally(beside.uses) if beside.uses else None
    yield Fact("What it brought", _texts(map(in_a_phrase, lesson.impact)))
    yield Fact("Evidence", _texts([str(evidence or "")]))
    yield Fact("Ask", [_contact(beside.ask)] if beside.ask else [])
    yield Fact("Was used", _texts([uses.in_words if uses else ""]), _mood(beside.uses))
    yield Fact("Applies when", _texts(lesson.applies_when))
    yield Fact("Not when", _texts(lesson.not_when))
    yield Fact("Review by", _texts([text_of(lesson.metadata.get("review_by"))]))


def _about(lesson: Lesson, addresses: Addresses) -> Iterator[Said]:
    """Yield what places a lesson: where and when it happened, and how far it is."""
    if unit := stated(lesson.unit):
        yield Said(unit, addresses.unit(unit))
    yield from _texts([lesson.date or "", lesson.status, lesson.id])


def _texts(texts: Iterator[str] | Sequence[str]) -> list[Said]:
    return [Said(text) for text in texts if text]


def _mood(uses: Sequence[Use]) -> str:
    if not uses:
        return ""
    return "doubt" if tally(uses).is_unhelpful else "good" if any(use.outcome == "helped" for use in uses) else ""


def _contact(ask: Ask) -> Said:
    return Said(str(ask), link_to(ask.contact))


def link_to(contact: str) -> str:
    """Return the address that begins a mail or a call; empty for a contact that is neither address nor number."""
    if mail := min(addresses_in(contact), default=""):
        return f"mailto:{quote(mail, safe='@+')}"
    number = re.sub(r"[\s()/.-]", "", contact)
    return f"tel:{number}" if _NUMBER.fullmatch(number) else ""


def _parts(lesson: Lesson, beside: Beside, named: _Named) -> Iterator[Part]:
    yield Part("used-by", "Who used it", [_use(use, named) for use in beside.uses])
    used = [named(one.lesson, _outcome(one.outcome, one.note, one.saved)) for one in lesson.reused]
    yield Part("used", "What it used", used)
    yield Part("replaces", "It replaces", [*map(named, lesson.supersedes)])
    yield Part("related", "Related lessons", [*map(named, lesson.related)])
    yield Part("answers", "Problems that it answers", _texts(lesson.answers))
    yield Part("history", "History", _texts([*map(_event, lesson.history), *beside.written]))


def _use(use: Use, named: _Named) -> Said:
    told = _outcome(use.outcome, use.note, use.saved)
    return named(use.lesson, told) if use.lesson else Said(use.title, "", told)


def _outcome(outcome: str, note: str, saved: str) -> str:
    told = (outcome.replace("-", " "), note, f"saved {saved}" if saved else "")
    return "; ".join(part for part in told if part)


def _event(event: Event) -> str:
    done = " ".join(filter(None, (event.date, event.what, f"by {event.by}" if event.by else "")))
    return ": ".join(filter(None, (done, event.because)))
