"""The tools: what each is for, what it may be asked, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import msgspec

from kb.config import corpus_of
from kb.errors import KbError, message_of
from kb.forms.find.brief import Brief
from kb.forms.find.lessons import ShownLesson
from kb.forms.find.needs import Needs
from kb.forms.find.people import WhoAnswer
from kb.forms.find.search import SearchAnswer, SimilarAnswer
from kb.forms.keep.draft import NewDraft
from kb.forms.keep.reuse import RecordedUse
from kb.forms.schema import schemas_of
from kb.knowledge_base import KnowledgeBase
from kb.mcp import answers, parameters, texts
from kb.mcp.bounding import Fitted, Record, fitted, fitted_text
from kb.mcp.secrecy import Cleaner
from kb.people.people_file import PeopleFile
from kb.serve.api.parameters import converted
from search.errors import SearchError

Answer = Callable[[KnowledgeBase, Any, str], answers.Part]
"""Takes the knowledge base, the parameters, and the name of who asks; empty for the user of this machine."""
_REFERENCE = "#/$defs/{name}"


class Failed(Exception):
    """Why a tool has no answer, in one line; quoted, because it may name lessons."""


class Tool(NamedTuple):
    """A tool."""

    title: str
    description: str
    parameters: type[msgspec.Struct]
    answer: Answer
    form: type
    """The type of its record."""
    items: str
    """The key of the list whose end is left out if the answer is too long; empty for a lesson's text."""
    render: Callable[[Any], str]
    """Returns the record as text."""
    writes: bool = False

    def answered(self, base: KnowledgeBase, arguments: Mapping[str, Any], *, by: str = "") -> Fitted:
        """Return the answer, bounded and cleaned; `by` is who writes, empty for the user of this machine.

        Raises `Refused` for wrong arguments, `Failed` for all else.
        """
        asked, cleaner = converted(dict(arguments), self.parameters, strict=True), cleaner_of(base)
        try:
            record, is_last = self.answer(base, asked, by)
        except (KbError, SearchError) as error:
            raise Failed(texts.quoted(cleaner.text(message_of(error)))) from error
        record = cleaner.clean(record)
        most = getattr(asked, "max_tokens", parameters.USUAL_TOKENS)
        offset = getattr(asked, "offset", 0)
        if not self.items:
            return fitted_text(record, self.render, most, offset)
        return fitted(record, self.items, self.render, most, offset, is_last=is_last)

    @property
    def input_schema(self) -> Record:
        """The schema of its parameters."""
        _, parts = msgspec.json.schema_components([self.parameters], ref_template=_REFERENCE)
        own = parts.pop(self.parameters.__name__)
        own = {key: value for key, value in own.items() if key not in ("title", "description")}
        return {**own, "properties": own.get("properties", {}), "additionalProperties": False, **_definitions(parts)}

    @property
    def output_schema(self) -> Record:
        """The schema of its record: that of the command's JSON, and what says how it was bounded."""
        _, parts = schemas_of([self.form], _REFERENCE)
        own = parts.pop(self.form.__name__)
        return {**own, "properties": {**own["properties"], **_BOUNDS}, **_definitions(parts)}


_BOUNDS: Mapping[str, Any] = {
    "next_offset": {"type": ["integer", "null"], "description": "The `offset` with which to ask for more, if any."},
    "left_out": {
        "type": "array",
        "items": {"type": "string"},
        "description": "What was left out to stay below `max_tokens`, and how to get it.",
    },
}


def _definitions(parts: Mapping[str, Any]) -> Record:
    return {"$defs": dict(parts)} if parts else {}


def cleaner_of(base: KnowledgeBase) -> Cleaner:
    """Return what takes out of the answers from a library what an agent must not read."""
    return Cleaner(corpus_of(base.config), PeopleFile(base.config.root).now())


TOOLS: Mapping[str, Tool] = {
    "search": Tool(
        "Search the lessons",
        "Find what earlier interventions, incidents and projects of this organisation taught about a problem. Use it "
        "before you plan or change something, when you meet an error or a failure, and before you advise. Returns the "
        "best lessons with a verdict (answers, may-help, nearest), the sentences that fit, their impact and evidence, "
        "and whom to ask.",
        parameters.Search,
        answers.search,
        SearchAnswer,
        "hits",
        texts.search_text,
    ),
    "brief": Tool(
        "Brief on a problem",
        "One page on a problem from all its lessons: analogous cases, tools to take, steps, what did not work, whom to "
        "ask, and what the library does not know. Use it to start a task; use `search` for one question.",
        parameters.Brief,
        answers.brief,
        Brief,
        "cases",
        texts.brief_text,
    ),
    "similar": Tool(
        "Similar lessons",
        "The lessons most like one lesson, with what they share and in what they differ.",
        parameters.Similar,
        answers.similar,
        SimilarAnswer,
        "hits",
        texts.similar_text,
    ),
    "show": Tool(
        "Show a lesson",
        "The text and the facts of one lesson, or only its section at a line or of a kind (problem, case, knowledge, "
        "method, tool, failure, impact, applicability, people).",
        parameters.Show,
        answers.show,
        ShownLesson,
        "",
        texts.show_text,
    ),
    "who": Tool(
        "Whom to ask",
        "The people who know about a problem, by the lessons that name them, with how to reach them.",
        parameters.Who,
        answers.who,
        WhoAnswer,
        "people",
        texts.who_text,
    ),
    "gaps": Tool(
        "What the library lacks",
        "What several people asked for and the library does not have: lessons worth writing.",
        parameters.Gaps,
        answers.gaps,
        Needs,
        "gaps",
        texts.gaps_text,
    ),
    "reuse": Tool(
        "Record that a lesson was used",
        "Record that a lesson was used in a later task and whether it helped. Use it once the outcome is known, and "
        "only if the lesson was really used.",
        parameters.Reuse,
        answers.reuse,
        RecordedUse,
        "paths",
        texts.recorded_text,
        writes=True,
    ),
    "new_draft": Tool(
        "Begin a lesson",
        "Write a new lesson as a draft, with the headings and prompts of the library's template. It changes no other "
        "file. A person reviews it.",
        parameters.NewDraft,
        answers.new_draft,
        NewDraft,
        "remarks",
        texts.draft_text,
        writes=True,
    ),
}
"""By name, in the order in which they are listed."""
