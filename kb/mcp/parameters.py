"""What each tool may be asked, described for a model; nothing else is accepted."""

from __future__ import annotations

from typing import Annotated, Literal, Protocol

import msgspec

from ingest.kinds import Kind
from kb.config import Config
from kb.retrieval.request import Request
from kb.serve.api.parameters import MOST_CHARACTERS, Filters, Limit, Text
from search.query import Mode

LEAST_TOKENS, USUAL_TOKENS, MOST_TOKENS = 1_000, 4_000, 20_000
_MOST_SKIPPED = 10_000_000
_MOST_NOTES = 100_000

Query = Annotated[
    str,
    msgspec.Meta(
        min_length=1,
        max_length=MOST_CHARACTERS,
        description="The problem in your own words: what happens, where, in which kind of work. A sentence is best.",
    ),
]
LessonId = Annotated[
    Text, msgspec.Meta(description="The lesson's id or path, as another tool returned it, or a part of its title.")
]


MaxTokens = Annotated[
    int,
    msgspec.Meta(
        ge=LEAST_TOKENS,
        le=MOST_TOKENS,
        description="The answer is kept below about so many tokens; what is left out is named.",
    ),
]
Offset = Annotated[
    int, msgspec.Meta(ge=0, le=_MOST_SKIPPED, description="How much to skip: `next_offset` of the answer before.")
]


class Paged(Protocol):
    """What asks for a part of a list."""

    @property
    def limit(self) -> int | None: ...

    @property
    def offset(self) -> int: ...


class Asked(Filters, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A question."""

    query: Query
    page: Annotated[
        bool, msgspec.Meta(description="True if `query` is pasted text, such as a mail, a log or code, as it is.")
    ] = False
    mode: Annotated[Mode, msgspec.Meta(description="By words and meaning, or by one of them.")] = Mode.HYBRID

    def request(self, config: Config, limit: int, *, every: bool = False) -> Request:
        """Return the request; raises `QueryError` if it is invalid in any library."""
        asked = Request(self.query, self.page, self.options, self.mode, limit or config.limit, every=every)
        asked.check()
        return asked


class Search(Asked, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A search."""

    limit: Limit | None = None
    all: Annotated[
        bool, msgspec.Meta(description="True to return the nearest lessons too, even if none is sure to help.")
    ] = False
    max_tokens: MaxTokens = USUAL_TOKENS
    offset: Offset = 0


class Brief(Asked, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A brief."""

    max_tokens: MaxTokens = USUAL_TOKENS


class Who(Asked, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A search for people."""

    limit: Limit | None = None
    max_tokens: MaxTokens = USUAL_TOKENS
    offset: Offset = 0


class Similar(Filters, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A search for lessons like one."""

    id: LessonId
    limit: Limit | None = None
    max_tokens: MaxTokens = USUAL_TOKENS
    offset: Offset = 0


class Show(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A lesson, or a part of it."""

    id: LessonId
    section: Annotated[Kind | None, msgspec.Meta(description="Only its sections of this kind.")] = None
    line: Annotated[int, msgspec.Meta(ge=1, description="Only the section at this line of its file.")] | None = None
    max_tokens: MaxTokens = USUAL_TOKENS
    offset: Offset = 0


class Gaps(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The gaps."""

    max_tokens: MaxTokens = USUAL_TOKENS
    offset: Offset = 0


class Reuse(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The use of a lesson."""

    id: LessonId
    used_in: Annotated[
        Text, msgspec.Meta(min_length=1, description="The id of the later lesson, or words for where it was used.")
    ]
    outcome: Annotated[Literal["helped", "partly", "did-not-help"], msgspec.Meta(description="Whether it helped.")]
    note: Annotated[Text, msgspec.Meta(description="How it helped, or why not.")] = ""
    saved: Annotated[Text, msgspec.Meta(description="What it saved, with a unit: `12 days`, `3000 EUR`.")] = ""


class NewDraft(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A new lesson."""

    title: Annotated[
        str, msgspec.Meta(min_length=1, max_length=300, description="The problem in one line, not the solution.")
    ]
    notes: Annotated[
        str,
        msgspec.Meta(
            max_length=_MOST_NOTES,
            description="What is known, as Markdown with headings such as Problem, What was done, What we learned, "
            "Method, Tools, What did not work, Impact; it goes under the headings of the library's template.",
        ),
    ] = ""
    template: Annotated[str, msgspec.Meta(max_length=100, description="The template that gives the headings.")] = (
        "lesson"
    )
