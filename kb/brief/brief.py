"""The brief on a problem: a record of quoted sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from ingest.lesson import Lesson
from kb.brief.statement import Statement
from kb.lessons.evidence import evidence_of_lesson
from kb.retrieval.answer import Answer, IndexState
from search.engine import Relevance

if TYPE_CHECKING:
    from kb.forms.find import brief as forms

SCREENING = (
    "Is the issue of strategic significance?",
    "Can it be done so that the solution, or the way to it, becomes knowledge of the whole organisation?",
)
"""The two questions to ask before an intervention."""


class Role(StrEnum):
    """What a line says of a case, in the order in which the lines stand."""

    HAPPENED = "happened"
    DID = "did"
    LEARNED = "learned"
    RESULT = "result"
    USED = "used"
    ALIKE = "alike"
    UNLIKE = "unlike"
    APPLIES = "applies_when"
    NOT_WHEN = "not_when"


class Line(NamedTuple):
    """A line about a case."""

    role: Role
    said: Statement | str
    """A sentence that is quoted; a plain text if the line counts uses or compares the case with the problem."""

    def as_json(self) -> forms.CaseLine:
        return {**self.said.as_json()} if isinstance(self.said, Statement) else {"text": self.said}


class Case(NamedTuple):
    """An analogous case."""

    lesson: Lesson
    relevance: Relevance
    lines: tuple[Line, ...]

    def as_json(self) -> forms.BriefCase:
        lesson = self.lesson
        case: forms.BriefCase = {
            "id": lesson.id,
            "title": lesson.title,
            "path": lesson.path,
            "unit": lesson.unit or None,
            "date": lesson.date,
            "status": lesson.status or None,
            "relevance": self.relevance.value,
            "evidence": evidence.as_json() if (evidence := evidence_of_lesson(lesson)) else None,
        }
        for role, lines in groupby(self.lines, key=lambda line: line.role):
            key: forms.CaseRole = role.value
            case[key] = [line.as_json() for line in lines]
        return case


class Contact(NamedTuple):
    """Somebody to ask, and the lesson for which."""

    name: str
    lesson: Lesson

    def as_json(self) -> forms.BriefContact:
        return {"ask": self.name, "id": self.lesson.id, "path": self.lesson.path}


@dataclass(frozen=True, slots=True)
class Brief:
    """One page on a problem. All text but that of `problem`, `people` and `unknown` is quoted from lessons."""

    problem: str
    """The problem in one line."""
    relevance: Relevance
    """That of the best case: how sure it is that the page helps."""
    index: IndexState
    notes: tuple[str, ...]
    """How the problem was understood."""
    cases: tuple[Case, ...] = ()
    tools: tuple[Statement, ...] = ()
    steps: tuple[Statement, ...] = ()
    """The method: the steps of one lesson, in order, or the sentences that say most of several."""
    failures: tuple[Statement, ...] = ()
    """What did not work."""
    people: tuple[Contact, ...] = ()
    unknown: tuple[str, ...] = ()
    """What the library does not know about the problem."""
    answer: Answer | None = None
    """The answer of the search that it was made from."""

    def as_json(self) -> forms.Brief:
        return {
            "problem": self.problem,
            "relevance": self.relevance.value,
            "relevant": self.relevance.is_relevant,
            "index": self.index.as_json(),
            "notes": list(self.notes),
            "cases": [case.as_json() for case in self.cases],
            "tools": _as_json(self.tools),
            "method": _as_json(self.steps),
            "failures": _as_json(self.failures),
            "people": [contact.as_json() for contact in self.people],
            "unknown": list(self.unknown),
            "screening": list(SCREENING),
        }


def _as_json(statements: Sequence[Statement]) -> list[forms.QuotedSentence]:
    return [statement.as_json() for statement in statements]
