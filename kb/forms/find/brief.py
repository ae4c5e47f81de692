"""The answer of `kb brief`."""

from typing import Literal, NotRequired, TypedDict

from kb.forms.lesson import Evidence, IndexState, Verdict

CaseRole = Literal["happened", "did", "learned", "result", "used", "alike", "unlike", "applies_when", "not_when"]


class QuotedSentence(TypedDict):
    """A whole sentence of a lesson, with its place."""

    text: str
    id: str
    path: str
    line: int | None
    """Where it begins in the file, from 1; null if that is not known."""


class CaseLine(TypedDict):
    """A line about a case. Only a sentence that is quoted has a place."""

    text: str
    id: NotRequired[str]
    path: NotRequired[str]
    line: NotRequired[int | None]


class BriefCase(TypedDict):
    """An analogous case; of the lists, those without a line are absent."""

    id: str
    title: str
    path: str
    unit: str | None
    date: str | None
    status: str | None
    relevance: Verdict
    evidence: Evidence | None
    happened: NotRequired[list[CaseLine]]
    did: NotRequired[list[CaseLine]]
    learned: NotRequired[list[CaseLine]]
    result: NotRequired[list[CaseLine]]
    used: NotRequired[list[CaseLine]]
    """By whom it was used since, and whether it helped."""
    alike: NotRequired[list[CaseLine]]
    unlike: NotRequired[list[CaseLine]]
    applies_when: NotRequired[list[CaseLine]]
    not_when: NotRequired[list[CaseLine]]


class BriefContact(TypedDict):
    """Somebody to ask, and the lesson for which."""

    ask: str
    """The name, with role and how to reach this person."""
    id: str
    path: str


class Brief(TypedDict):
    """One page on a problem; `kb brief --json`. All but `problem`, `people` and `unknown` is quoted from lessons."""

    problem: str
    """The problem in one line."""
    relevance: Verdict
    """That of the best case: how sure it is that the page helps."""
    relevant: bool
    index: IndexState
    notes: list[str]
    """How the problem was understood."""
    cases: list[BriefCase]
    tools: list[QuotedSentence]
    method: list[QuotedSentence]
    """The steps of one lesson, in order, or the sentences that say most of several."""
    failures: list[QuotedSentence]
    """What did not work."""
    people: list[BriefContact]
    unknown: list[str]
    """What the library does not know about the problem."""
    screening: list[str]
    """The two questions to ask before an intervention."""
