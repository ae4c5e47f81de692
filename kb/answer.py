"""What a search gives back: the object that `--json` prints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from ingest.lesson import Lesson
from ingest.passage import Passage
from search.ranking import Standing
from search.snippet import Snippet


@dataclass(frozen=True, slots=True)
class Shown:
    """A passage with its snippet."""

    passage: Passage
    snippet: Snippet

    @property
    def line(self) -> int:
        """1-based."""
        return self.passage.lines[0] + 1

    def as_json(self) -> dict[str, Any]:
        return {
            "line": self.line,
            "end_line": self.passage.lines[1],
            "kind": self.passage.kind.value,
            "headings": list(self.passage.headings),
            "snippet": self.snippet.text,
            "marks": [list(mark) for mark in self.snippet.marks],
            "nearest": list(self.snippet.nearest) if self.snippet.nearest else None,
        }


@dataclass(frozen=True, slots=True)
class Result:
    """One lesson of an answer: its best passage, more passages, and why it is here."""

    rank: int
    score: float
    lesson: Lesson
    best: Shown
    more: tuple[Shown, ...]
    lexical: Standing | None
    semantic: Standing | None
    parts: Mapping[str, float]
    """What the score is the sum of, by name."""
    words: Mapping[str, float]
    """Words and pairs of words of the query, as written, that the lesson has, and what each adds to the score."""
    superseded_by: tuple[str, ...]
    """The ids of the lessons that replace it."""

    def as_json(self) -> dict[str, Any]:
        lesson = self.lesson
        return {
            "rank": self.rank,
            "id": lesson.id,
            "title": lesson.title,
            "path": lesson.path,
            **self.best.as_json(),
            "score": round(self.score, 6),
            "date": lesson.date,
            "status": lesson.status or None,
            "status_because": lesson.status_because or None,
            "superseded_by": list(self.superseded_by),
            "tags": list(lesson.tags),
            "unit": lesson.unit or None,
            "people": [_said(asdict(person)) for person in lesson.people],
            "impact": [_said(asdict(impact)) for impact in lesson.impact],
            "why": {
                "lexical": _standing(self.lexical),
                "semantic": _standing(self.semantic),
                "terms": [word for word in self.words if " " not in word],
                "parts": _rounded(self.parts),
                "weights": _rounded(self.words),
            },
            "more": [shown.as_json() for shown in self.more],
        }


@dataclass(frozen=True, slots=True)
class IndexState:
    """Which index answered."""

    snapshot: str
    built: str
    lessons: int
    passages: int
    changed_since: int
    """Lessons added, changed or removed since the snapshot was built."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one query."""

    query: str
    mode: str
    took_ms: float
    index: IndexState
    notes: tuple[str, ...]
    results: tuple[Result, ...]
    relevant: bool = True
    """Whether any of them is likely to answer."""
    also_searched: tuple[str, ...] = ()
    """Words of lessons that words of the query may be slips of."""

    def as_json(self) -> dict[str, Any]:
        return {
            "query": self.query,
            "mode": self.mode,
            "took_ms": self.took_ms,
            "index": asdict(self.index),
            "notes": list(self.notes),
            "also_searched": list(self.also_searched),
            "relevant": self.relevant,
            "hits": [result.as_json() for result in self.results],
        }


def _rounded(values: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 6) for name, value in values.items()}


def _said(values: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in values.items() if value}


def _standing(standing: Standing | None) -> dict[str, float] | None:
    return {"rank": standing.rank, "score": round(standing.score, 6)} if standing else None
