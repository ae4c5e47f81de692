"""The conditions by which a reader can narrow an answer down, each with the number of lessons that it leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from ingest.format import AREAS
from ingest.kinds import Kind
from ingest.lesson import Lesson
from kb.filters.facets import Choice, Stated
from kb.lessons.evidence import GRADES, WELL_SHOWN
from kb.serve.page.asked import Question, phrase
from kb.serve.page.library import Library
from search.query import Condition

_MOST_UNITS = 10
_MOST_YEARS = 8
_KINDS_OFFERED = (Kind.TOOL, Kind.METHOD, Kind.KNOWLEDGE, Kind.FAILURE, Kind.CASE, Kind.PROBLEM)
_NAMES = {
    Kind.TOOL: "a tool",
    Kind.METHOD: "a method",
    Kind.KNOWLEDGE: "what was learned",
    Kind.FAILURE: "what did not work",
    Kind.CASE: "what was done",
    Kind.PROBLEM: "the problem",
}

Read = Callable[[Question], Sequence[Condition]]
"""Returns all conditions of a question; raises `QueryError`."""


class Option(NamedTuple):
    """A choice of a reader."""

    name: str
    lessons: str
    """How many it leaves."""
    address: str
    """Of the same question with this condition, or without it if it is chosen."""
    is_chosen: bool


class Group(NamedTuple):
    """Options of which one can be chosen."""

    id: str
    name: str
    options: Sequence[Option]


class _Offer(NamedTuple):
    """An option before it is counted."""

    choice: Choice
    changes: dict[str, Any]
    is_chosen: bool


class Narrowing:
    """Offers conditions for one question."""

    def __init__(self, library: Library, question: Question, read: Read) -> None:
        self._library = library
        self._question = question
        self._read = read

    def groups(self, address_of: Callable[[Question], str]) -> Iterator[Group]:
        """Yield what can be chosen, the counts without what is chosen of the same group."""
        for id_, name, offers, without in self._offered():
            conditions = self._read(self._question.but(**without))
            counts = self._library.facets.counts(conditions, [offer.choice for offer in offers])
            options = [
                Option(
                    offer.choice.name,
                    f"{count:,}",
                    address_of(self._question.but(**(without if offer.is_chosen else offer.changes))),
                    offer.is_chosen,
                )
                for offer, count in zip(offers, counts, strict=True)
                if count or offer.is_chosen
            ]
            if options:
                yield Group(id_, name, options)

    def _offered(self) -> Iterator[tuple[str, str, list[_Offer], dict[str, Any]]]:
        yield "kind", "With a section on", [*self._kinds()], {"kind": ()}
        yield "unit", "Unit", [*self._units()], {"unit": None}
        yield "area", "Brought something in", [*self._areas()], {"area": None}
        yield "evidence", "How well that is shown", [*self._grades()], {"evidence": None}
        yield "date", "When", [*self._periods()], {"since": None, "until": None}

    def _kinds(self) -> Iterator[_Offer]:
        chosen = self._question.kind
        for kind in dict.fromkeys((*_KINDS_OFFERED, *chosen)):
            choice = Choice(_NAMES.get(kind, kind.value), (("kind", kind.value),))
            yield _Offer(choice, {"kind": (kind,)}, kind in chosen)

    def _units(self) -> Iterator[_Offer]:
        units = [unit for unit in self._library.content.units if phrase(unit)]
        shown, chosen = units[:_MOST_UNITS], self._question.unit
        for unit in dict.fromkeys((*shown, *((chosen,) if chosen else ()))):
            yield _Offer(Choice(unit, (("unit", phrase(unit)),)), {"unit": unit}, unit == chosen)

    def _areas(self) -> Iterator[_Offer]:
        chosen = self._question.area
        for area in dict.fromkeys((*AREAS, *((chosen,) if chosen else ()))):
            choice = Choice(area.replace("-", " "), (("impact.area", phrase(area)),))
            yield _Offer(choice, {"area": area}, area == chosen)

    def _grades(self) -> Iterator[_Offer]:
        for grade in sorted({*WELL_SHOWN, "E"}):
            name = f"{grade}, {GRADES[grade].strength}" + ("" if grade == "A" else ", or better")
            name = "measured at all" if grade == "E" else name
            yield _Offer(
                Choice(name, (("evidence", f">={grade}"),)), {"evidence": grade}, self._question.evidence == grade
            )

    def _periods(self) -> Iterator[_Offer]:
        chosen = self._question.since, self._question.until
        periods = [*self._library.remembered("periods", lambda: periods_of(self._library.content.lessons))]
        if any(chosen) and chosen not in periods:
            periods.append(chosen)
        for since, until in periods:
            name = since if since == until else f"{since or 'the beginning'} to {until or 'today'}"
            yield _Offer(
                Choice(str(name), _dates(since, until)), {"since": since, "until": until}, (since, until) == chosen
            )


def _dates(since: str | None, until: str | None) -> tuple[Stated, ...]:
    from kb.figures.period import period_of  # slow for what is no date

    first = (("date", f">={period_of(since)[0]}"),) if since else ()
    last = (("date", f"<={period_of(until)[1]}"),) if until else ()
    return (*first, *last)


def periods_of(lessons: Sequence[Lesson]) -> list[tuple[str | None, str | None]]:
    """Return the years in which lessons have their dates, the newest first; decades if there are many."""
    years = sorted({int(lesson.date[:4]) for lesson in lessons if lesson.date}, reverse=True)
    if len(years) <= _MOST_YEARS:
        return [(f"{year:04}", f"{year:04}") for year in years]
    return [(f"{ten}0", f"{ten}9") for ten in dict.fromkeys(f"{year:04}"[:3] for year in years)]
