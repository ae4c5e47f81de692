"""What earlier interventions advise for a change: one sentence of each lesson that fits, to be considered before it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from ingest.kinds import Kind
from kb.brief.choosing import Choice
from kb.brief.source import Source, sources_of
from kb.brief.statement import Statement
from kb.hooks.change import Change
from kb.retrieval.answer import Result
from kb.retrieval.request import Request
from kb.retrieval.searcher import Searcher
from search.engine import Relevance

_LESSONS, _ITEMS = 8, 5
# Where a lesson says what to do, else what to know; recommendations are a method.
_ADVICE = (Kind.METHOD, Kind.KNOWLEDGE, Kind.FAILURE, Kind.CASE, Kind.TOOL)


class Item(NamedTuple):
    """One question before a change: whether its author has considered what a lesson says."""

    result: Result
    advice: Statement | None
    """A sentence of the lesson; None if none can be quoted alone."""

    @property
    def text(self) -> str:
        return self.advice.text if self.advice else self.result.lesson.summary

    @property
    def line(self) -> int:
        """The line of the sentence, else of the best passage."""
        return (self.advice.line if self.advice else 0) or self.result.best.line

    def as_json(self) -> dict[str, Any]:
        lesson = self.result.lesson
        return {
            "text": self.text,
            "id": lesson.id,
            "title": lesson.title,
            "path": lesson.path,
            "line": self.line,
            "relevance": self.result.relevance.value,
            "ask": self.result.ask.as_json() if self.result.ask else None,
        }


class Checklist(NamedTuple):
    """What to consider before a change; empty if no lesson is sure to fit."""

    items: tuple[Item, ...]
    relevance: Relevance
    lessons: int
    """How many were searched."""

    def as_json(self) -> dict[str, Any]:
        return {
            "relevance": self.relevance.value,
            "lessons": self.lessons,
            "items": [item.as_json() for item in self.items],
        }


def checklist(searcher: Searcher, change: Change) -> Checklist:
    """Return the checklist for a change; raises `QueryError` if nothing is said of it."""
    found = searcher.find(Request(change.query, is_page=True, limit=_LESSONS))
    sources = [one for one in sources_of(searcher, found, {}) if one.result.relevance.is_relevant and one.is_close]
    items = tuple(_items(sources, Choice(found.explanation.information)))[:_ITEMS]
    return Checklist(items, found.answer.relevance if items else Relevance.NEAREST, found.answer.index.lessons)


def _items(sources: list[Source], choice: Choice) -> Iterator[Item]:
    for source in sources:
        if source.lesson.is_current:
            advice = next(iter(choice.best(source.of(*_ADVICE), 1)), None)
            if advice or source.lesson.summary:
                yield Item(source.result, advice)
