"""The answer of `kb search`."""

from typing import TypedDict

from kb.forms.lesson import (
    Ask,
    Evidence,
    IndexState,
    Kind,
    Mode,
    NamedPerson,
    StatedImpact,
    Tally,
    Verdict,
)


class PassageSnippet(TypedDict):
    """A passage of a lesson: a slice of its file."""

    line: int
    """Its first line in the file, from 1."""
    end_line: int
    """Its last line."""
    kind: Kind
    headings: list[str]
    """The headings above it, the outermost first."""
    snippet: str
    """The sentences that have most of the query, else the one that is nearest in meaning."""
    marks: list[list[int]]
    """The places of words of the query in the snippet, each `[start, end]` in characters from 0."""
    nearest: list[int] | None
    """The place of the sentence that is nearest in meaning, `[start, end]`."""


class Standing(TypedDict):
    """A lesson's place in a search by words alone or by meaning alone."""

    rank: int
    """From 1."""
    score: float
    """BM25 by words, a cosine by meaning."""


class Why(TypedDict):
    """Why a lesson was found."""

    lexical: Standing | None
    """By words; null if it has none of them, or if they were not searched."""
    semantic: Standing | None
    """By meaning; null if that was not searched."""
    terms: list[str]
    """The words of the query, as written, that it has."""
    parts: dict[str, float]
    """The summands of the score, by name."""
    weights: dict[str, float]
    """What each word or word pair of the query adds to the score."""
    evidence: float
    """The number from which `relevance` was derived."""


class FrontMatterMatch(TypedDict):
    """A value of the front matter with words of the query."""

    snippet: str
    marks: list[list[int]]
    """The places of words of the query, each `[start, end]` in characters from 0."""


class SearchHit(PassageSnippet):
    """One lesson, with its best passage."""

    rank: int
    """From 1."""
    id: str
    title: str
    summary: str | None
    path: str
    """Of its file, relative to the root of the knowledge base."""
    score: float
    """Comparable within one answer only."""
    relevance: Verdict
    """How sure it is that the lesson helps."""
    relevant: bool
    """Whether it `answers` or `may-help`."""
    date: str | None
    """When the intervention ended: `2006`, `2006-05` or `2006-05-01`."""
    status: str | None
    """`draft`, `validated`, `superseded` or `retired`, or as written."""
    status_because: str | None
    superseded_by: list[str]
    """Ids of the lessons that replace it."""
    tags: list[str]
    unit: str | None
    """The unit or company it happened in."""
    people: list[NamedPerson]
    ask: Ask | None
    """Whom to ask about it; null if nobody is known."""
    impact: list[StatedImpact]
    reuse: Tally | None
    """Its uses by later interventions; null if there are none."""
    evidence: Evidence | None
    """How well its best shown impact is shown; null if nothing is measured."""
    why: Why
    front_matter: dict[str, FrontMatterMatch]
    """Matches, by key, that are shown nowhere else in the hit; an inner key is written `people.name`."""
    helped: dict[Kind, PassageSnippet]
    """What helped, in the lesson's own words: `tool` and `method`, if the best passage is about neither."""
    more: list[PassageSnippet]
    """More passages of the same lesson."""


class SearchedIndex(IndexState):
    """The index that answered, and how up to date it is."""

    changed_since: int
    """Number of lessons that have changed since it was built."""


class AsOf(TypedDict):
    """The commit whose lessons answered."""

    commit: str
    date: str
    """When it was committed, in UTC (ISO 8601)."""


class SearchHead(TypedDict):
    """What an answer says of itself."""

    query: str
    mode: Mode
    """How it was answered: by words, by meaning or by both."""
    took_ms: float
    index: SearchedIndex
    as_of: AsOf | None
    """Null if the lessons of today answered."""
    notes: list[str]
    """How the query was understood."""
    relevance: Verdict
    """That of the best hit; `answers` if there is none and nothing was asked but filters."""
    relevant: bool
    """Whether it `answers` or `may-help`."""
    unknown_words: list[str]
    """Words of the query, as written, that no lesson has."""
    also_searched: list[str]
    """Words of lessons that were searched too, because words of the query may be misspellings of them."""


class SearchAnswer(SearchHead):
    """The answer to one query; `kb search --json`."""

    hits: list[SearchHit]
    """One for each lesson, the best first."""


class BatchAnswer(SearchAnswer):
    """The answer to one line; `kb search --batch FILE` prints one object on a line for each."""

    id: str | int | None
    """That of the line."""


class BatchError(TypedDict):
    """A line of `kb search --batch` that has no valid query."""

    id: str | int | None
    line: int
    """In the input, from 1."""
    error: str


class Comparison(TypedDict):
    """How two lessons compare, by `tags`, `unit`, `area`, `applies when`, `not when`; empty ones are absent."""

    shared: dict[str, list[str]]
    """What both have."""
    differs: dict[str, list[list[str]]]
    """What only one has: `[[only the lesson that was given], [only this one]]`."""


class AnalogousHit(SearchHit, Comparison):
    """A lesson similar to another, and how it compares with that."""


class SimilarAnswer(SearchHead):
    """The lessons that are similar to one, or to a draft; `kb similar --json`."""

    hits: list[AnalogousHit]
    """The most similar first."""


class WhyNot(TypedDict):
    """Why a lesson is not where somebody expects it; `kb search --why-not ID --json`."""

    id: str
    path: str
    rank: int | None
    """From 1; null if it is not in the answer."""
    lessons: int
    """Number of lessons in the ranking."""
    limit: int
    """Number of lessons that a search shows."""
    relevance: Verdict | None
    evidence: float | None
    may_help_from: float
    """The evidence from which a lesson may help."""
    answers_from: float
    """The evidence from which a lesson answers."""
    lexical: Standing | None
    semantic: Standing | None
    missing_words: list[str]
    """Words of the query, as written, that it does not have."""
    excluded: list[str]
    """Why filters, phrases or excluded words keep it out."""
    stale: str | None
    """How its file differs from the index."""
