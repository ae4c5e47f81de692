"""Finds the people to ask about a problem: those behind the lessons that a search finds for it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from ingest.lesson import Lesson
from kb.people.contact import Ask, asked, replacement, stand_in
from kb.people.naming import key_of
from kb.retrieval.answer import IndexState
from kb.retrieval.searcher import NEAREST_SHOWN
from kb.who.candidate import AUTHOR, Candidate, candidates, traces_of
from kb.who.experts import Source, probabilities
from search.engine import Relevance

if TYPE_CHECKING:
    from kb.forms.find import people as forms
    from kb.forms.lesson import Mode
    from kb.people.directory import Directory
    from kb.people.known import KnownPeople
    from kb.retrieval.request import Request
    from kb.retrieval.searcher import Searcher
    from search.engine import Hit

_MOST_LESSONS = 50
"""So many of the best lessons are read for their people; further ones change nothing among the first."""
_LEAST_SHARE = 0.5
"""Lessons with a smaller share of the best score do not count: many of them would outweigh the one that fits."""
_WHY = 3
_SPARE = 4
"""So many times the people asked for are compared, because several may lead to the same."""


class Expert(NamedTuple):
    """A person to ask, and why."""

    ask: Ask
    roles: tuple[str, ...]
    """The roles in the lessons found; `author` if only git names the person."""
    score: float
    """p(query | person) by the lessons found, divided by the highest."""
    lessons: tuple[Lesson, ...]
    """The lessons found that lead to this person, the best first."""
    relevance: Relevance
    """That of the best of these lessons."""
    instead_of: tuple[str, ...] = ()
    """Who cannot be asked any more, and for whom this person is asked."""

    @property
    def latest(self) -> Lesson:
        return max(self.lessons, key=lambda lesson: lesson.date or "")

    def as_json(self) -> forms.Expert:
        ask = self.ask
        return {
            "name": ask.name,
            "roles": list(self.roles),
            "unit": ask.unit or None,
            "contact": ask.contact or None,
            "score": round(self.score, 6),
            "lessons": len(self.lessons),
            "latest": {"id": self.latest.id, "date": self.latest.date},
            "relevance": self.relevance.value,
            "why": [
                {"id": lesson.id, "title": lesson.title, "path": lesson.path, "date": lesson.date}
                for lesson in self.lessons[:_WHY]
            ],
            "stands_in": ask.stands_in or None,
            "instead_of": list(self.instead_of),
        }


@dataclass(frozen=True, slots=True)
class WhoAnswer:
    """The people to ask about a problem, the best first."""

    query: str
    mode: Mode
    took_ms: float
    index: IndexState
    notes: tuple[str, ...]
    people: tuple[Expert, ...]
    relevance: Relevance
    """That of the best lesson found."""
    found: int
    """Number of lessons whose people were compared."""
    problem: str = ""
    """Why nobody may be named; empty otherwise."""

    @property
    def is_helpful(self) -> bool:
        """Whether somebody stands behind a lesson that answers or may help."""
        return bool(self.people) and self.relevance.is_relevant

    def as_json(self) -> forms.WhoAnswer:
        return {
            "query": self.query,
            "mode": self.mode,
            "took_ms": self.took_ms,
            "index": self.index.as_json(),
            "notes": list(self.notes),
            "relevance": self.relevance.value,
            "relevant": self.relevance.is_relevant,
            "people": [{"rank": rank, **expert.as_json()} for rank, expert in enumerate(self.people, 1)],
        }


def who(searcher: Searcher, request: Request) -> WhoAnswer:
    """Return the people to ask about the problem of a request; raises as `Searcher.ask` does."""
    started = time.perf_counter()
    found = searcher.matches(replace(request, limit=_MOST_LESSONS))
    relevance = found.ranking.relevance
    hits = _that_count(found.ranking.hits)
    directory = searcher.people.directory()
    behind = [FoundLesson(searcher.lesson(hit), hit.score, hit.relevance) for hit in hits]
    experts = experts_of(behind, searcher.people, _SPARE * request.limit)
    return WhoAnswer(
        found.query.display,
        found.mode.value,
        round((time.perf_counter() - started) * 1000, 1),
        searcher.state,
        found.notes,
        tuple(_asked_for_first(experts, found.names)[: request.limit]),
        relevance,
        len(hits),
        str(directory.problems[0]) if directory.hides_all else "",
    )


def _that_count(hits: Sequence[Hit]) -> Sequence[Hit]:
    """Return the lessons that may help and are nearly as good as the best; if none may help, the nearest few."""
    least = _LEAST_SHARE * max((hit.score for hit in hits), default=0.0)
    return [hit for hit in hits if hit.relevance.is_relevant and hit.score >= least] or hits[:NEAREST_SHOWN]


class FoundLesson(NamedTuple):
    """A lesson that was found, with its score in the ranking."""

    lesson: Lesson
    score: float
    relevance: Relevance


def experts_of(found: Sequence[FoundLesson], people: KnownPeople, most: int) -> list[Expert]:
    """Return up to `most` people behind lessons, given the best first; if there are none, who stands in for them."""
    return _Experts(found, people).ranked(most) if found else []


class _Experts:
    """Ranks the people behind some lessons."""

    def __init__(self, found: Sequence[FoundLesson], people: KnownPeople) -> None:
        self._found = found
        self._directory: Directory = people.directory()
        authors = people.authors()
        traces = (
            trace
            for number, (lesson, _, _) in enumerate(found)
            for trace in traces_of(lesson, number, authors.of(lesson.path), self._directory)
        )
        self._candidates = [] if self._directory.hides_all else candidates(traces, self._directory)

    def ranked(self, most: int) -> list[Expert]:
        sources = [Source(score, lesson.date or "") for lesson, score, _ in self._found]
        likely = probabilities(self._candidates, sources, datetime.now(UTC).date())
        pairs = sorted(zip(likely, self._candidates, strict=True), key=lambda pair: -pair[0])
        best = pairs[0][0] if pairs else 1.0
        experts = (expert for score, one in pairs if (expert := self._expert(one, score / best)))
        return _together(islice(experts, most)) or _together(self._stand_ins())

    def _expert(self, candidate: Candidate, score: float) -> Expert | None:
        main = candidate.main
        unit = "" if main.person.role == AUTHOR else self._found[main.lesson].lesson.unit
        entry = self._directory.entry_of(main.person.name, " ".join(candidate.known_as))
        name = entry.name if entry and entry.name else main.person.name
        if candidate.has_left or (entry and entry.has_left):
            ask = replacement(entry, name, unit, self._directory)
        else:
            ask = asked(main.person._replace(name=name, contact=candidate.contact), unit, entry)
        if ask is None:
            return None
        best, *others = [self._found[number] for number in sorted(candidate.lessons)]
        lessons = (best.lesson, *(other.lesson for other in others))
        roles = (ask.role,) * bool(ask.role) if ask.stands_in else candidate.roles
        return Expert(ask, roles, score, lessons, best.relevance, (ask.instead_of,) * bool(ask.instead_of))

    def _stand_ins(self) -> Iterator[Expert]:
        """Yield who stands in for the people of the lessons, if these name nobody who can be asked."""
        for lesson, _, relevance in self._found:
            if ask := stand_in(lesson.unit, self._directory):
                yield Expert(ask, (ask.role,) * bool(ask.role), 1.0, (lesson,), relevance)


def _together(experts: Iterable[Expert]) -> list[Expert]:
    """Return each person once, the best first: a successor may also be named by lessons."""
    found: dict[object, Expert] = {}
    for expert in experts:
        key = expert.ask.key
        found[key] = _joined(found[key], expert) if key in found else expert
    return sorted(found.values(), key=lambda expert: -expert.score)


def _asked_for_first(experts: Sequence[Expert], names: Sequence[str]) -> list[Expert]:
    """Return people in their order, but first those whose names are the query."""
    wanted = {*map(key_of, names)}
    return sorted(experts, key=lambda expert: key_of(expert.ask.name) not in wanted)


def _joined(one: Expert, other: Expert) -> Expert:
    ask = other.ask if one.ask.stands_in and not other.ask.stands_in else one.ask
    return Expert(
        ask,
        tuple(dict.fromkeys((*one.roles, *other.roles))),
        one.score + other.score,
        tuple({lesson.path: lesson for lesson in (*one.lessons, *other.lessons)}.values()),
        one.relevance,
        tuple(dict.fromkeys((*one.instead_of, *other.instead_of))),
    )
