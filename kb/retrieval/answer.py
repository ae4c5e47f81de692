"""The result of a search: the objects that `--json` prints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from ingest.kinds import Kind
from ingest.lesson import Lesson
from ingest.passages.passage import Passage
from kb.lessons.as_stated import as_named, as_stated
from kb.lessons.evidence import evidence_of_lesson
from search.engine import Relevance, Snippet, Standing, without_repetition

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from kb.forms import lesson as said
    from kb.forms.find import search as forms
    from kb.people.contact import Ask
    from kb.reuse.tally import Tally
    from kb.system.last_hits import LastHit


class ShownPassage(NamedTuple):
    """A passage with its snippet."""

    passage: Passage
    snippet: Snippet

    @property
    def line(self) -> int:
        """The first line of the passage, 1-based."""
        return self.passage.lines[0] + 1

    def as_json(self) -> forms.PassageSnippet:
        return {
            "line": self.line,
            "end_line": self.passage.lines[1],
            "kind": self.passage.kind.value,
            "headings": list(self.passage.headings),
            "snippet": self.snippet.text,
            "marks": _marks(self.snippet),
            "nearest": list(self.snippet.nearest) if self.snippet.nearest else None,
        }


class Result(NamedTuple):
    """One lesson of an answer: its best passage, more passages, and why it was found."""

    rank: int
    score: float
    lesson: Lesson
    summary: Snippet
    """The beginning of the lesson's summary; empty if it has none."""
    best: ShownPassage
    more: tuple[ShownPassage, ...]
    helped: Mapping[Kind, ShownPassage]
    """The best sentences on the tool and the method, if the best passage is about neither."""
    front_matter: Mapping[str, Snippet]
    """Values, by key, with words of the query that none of the texts above has."""
    lexical: Standing | None
    semantic: Standing | None
    parts: Mapping[str, float]
    """The summands of the score, by name."""
    words: Mapping[str, float]
    """Words and word pairs of the query, as written, that the lesson has, with what each adds to the score."""
    superseded_by: tuple[str, ...]
    """Ids of the lessons that replace it."""
    relevance: Relevance
    evidence: float
    """The value from which `relevance` was derived."""
    ask: Ask | None
    """Whom to ask about it; None if nobody is known."""
    reuse: Tally | None
    """Its uses by later interventions; None if there are none."""

    @property
    def paragraphs(self) -> tuple[Snippet, Snippet]:
        """The summary and the best passage's snippet; if both say the same, the shorter is empty."""
        return without_repetition(self.summary, self.best.snippet)

    def as_json(self) -> forms.SearchHit:
        lesson = self.lesson
        return {
            "rank": self.rank,
            "id": lesson.id,
            "title": lesson.title,
            "summary": lesson.summary or None,
            "path": lesson.path,
            **self.best.as_json(),
            "score": round(self.score, 6),
            "relevance": self.relevance.value,
            "relevant": self.relevance.is_relevant,
            "date": lesson.date,
            "status": lesson.status or None,
            "status_because": lesson.status_because or None,
            "superseded_by": list(self.superseded_by),
            "tags": list(lesson.tags),
            "unit": lesson.unit or None,
            "people": [as_named(person) for person in lesson.people],
            "ask": self.ask.as_json() if self.ask else None,
            "impact": [as_stated(impact) for impact in lesson.impact],
            "reuse": self.reuse.as_json() if self.reuse else None,
            "evidence": evidence.as_json() if (evidence := evidence_of_lesson(lesson)) else None,
            "why": self._why_as_json(),
            "front_matter": {
                key: {"snippet": words.text, "marks": _marks(words)} for key, words in self.front_matter.items()
            },
            "helped": {kind.value: shown.as_json() for kind, shown in self.helped.items()},
            "more": [shown.as_json() for shown in self.more],
        }

    def _why_as_json(self) -> forms.Why:
        return {
            "lexical": standing_as_json(self.lexical),
            "semantic": standing_as_json(self.semantic),
            "terms": [word for word in self.words if " " not in word],
            "parts": _rounded(self.parts),
            "weights": _rounded(self.words),
            "evidence": round(self.evidence, 6),
        }


class Meaning(NamedTuple):
    """The vectors of a query."""

    model: str
    """Fingerprint of the model that made them."""
    vectors: NDArray[np.float32]
    """One for each slice of the query, shape (slices, dimension)."""


def meaning_of(model: str, vectors: NDArray[np.float32] | None) -> Meaning | None:
    """Return the vectors of a query with their model; None if there are none."""
    return None if vectors is None else Meaning(model, vectors)


class IndexState(NamedTuple):
    """The index that answered."""

    snapshot: str
    built: str
    lessons: int
    passages: int

    def as_json(self) -> said.IndexState:
        return {
            "snapshot": self.snapshot,
            "built": self.built,
            "lessons": self.lessons,
            "passages": self.passages,
        }


class AsOf(NamedTuple):
    """The commit whose lessons answered, in place of those of today."""

    commit: str
    date: str
    """When it was committed, in UTC (ISO 8601)."""

    def __str__(self) -> str:
        return f"{self.date[:10]}, commit {self.commit[:12]}"

    def as_json(self) -> forms.AsOf:
        return {"commit": self.commit, "date": self.date}


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one query."""

    query: str
    mode: said.Mode
    took_ms: float
    index: IndexState
    notes: tuple[str, ...]
    results: tuple[Result, ...]
    relevance: Relevance = Relevance.ANSWERS
    """The relevance of the best result; for an empty answer the default."""
    unknown_words: tuple[str, ...] = ()
    """Words of the query, as written, that no lesson has."""
    also_searched: tuple[str, ...] = ()
    """Words of lessons that were searched too, because words of the query may be misspellings of them."""
    as_of: AsOf | None = None
    """None if the lessons of today answered."""
    meaning: Meaning | None = field(default=None, compare=False)
    """None if it was answered by words only."""

    @property
    def places(self) -> tuple[LastHit, ...]:
        """The id and line of each result, in order of rank."""
        from kb.system.last_hits import LastHit  # imports platformdirs, needed only after the answer

        return tuple(LastHit(result.lesson.id, result.best.line) for result in self.results)

    def as_json(self, changed_since: int) -> forms.SearchAnswer:
        """Return the object of `--json`; `changed_since`: number of lessons changed since the index was built."""
        return {**self.head_as_json(changed_since), "hits": [result.as_json() for result in self.results]}

    def head_as_json(self, changed_since: int) -> forms.SearchHead:
        """Return all but the hits."""
        return {
            "query": self.query,
            "mode": self.mode,
            "took_ms": self.took_ms,
            "index": {**self.index.as_json(), "changed_since": changed_since},
            "as_of": self.as_of.as_json() if self.as_of else None,
            "notes": list(self.notes),
            "relevance": self.relevance.value,
            "relevant": self.relevance.is_relevant,
            "unknown_words": list(self.unknown_words),
            "also_searched": list(self.also_searched),
        }


def _rounded(values: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 6) for name, value in values.items()}


def _marks(snippet: Snippet) -> list[list[int]]:
    return [list(mark) for mark in snippet.marks]


def standing_as_json(standing: Standing | None) -> forms.Standing | None:
    """Return a place in a ranking as JSON; None if there is none."""
    return {"rank": standing.rank, "score": round(standing.score, 6)} if standing else None
