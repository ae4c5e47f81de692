"""What each address answers: the JSON that the command of the same name prints."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec

from ingest.lesson import Lesson
from kb.errors import UnknownSection
from kb.forms.find.brief import Brief
from kb.forms.find.impact import ImpactReport
from kb.forms.find.lessons import ShownLesson
from kb.forms.find.needs import Needs
from kb.forms.find.people import WhoAnswer
from kb.forms.find.search import SearchAnswer, SimilarAnswer
from kb.forms.find.topics import TopicMap
from kb.forms.keep.status import Status
from kb.gains.gains import ImpactRequest
from kb.knowledge_base import KnowledgeBase
from kb.retrieval.request import SimilarRequest
from kb.serve.api.parameters import Asked, Impact, Lessons, Named, Nothing, Search, Similar
from kb.topics.facts import MapRequest

Answer = Callable[[KnowledgeBase, Any, str], Any]


class Endpoint(NamedTuple):
    """An address of the API."""

    summary: str
    parameters: type[msgspec.Struct]
    answer: Answer
    """Takes the knowledge base, the parameters and the rest of the path; returns what is sent as JSON."""
    form: type
    """The type of the answer."""
    is_slow: bool = False
    """Whether it computes over all lessons, so that its last answers are remembered."""
    names_lesson: bool = False
    """Whether the path ends with the id of a lesson."""
    reads_files: bool = False
    """Whether it reads files beside the index: only the answer itself says whether it has changed."""


def _search(base: KnowledgeBase, asked: Search, _: str) -> SearchAnswer:
    request = asked.request(base.config)
    with base.open(request.mode) as index:
        return index.ask(request).as_json(index.changes.count())


def _brief(base: KnowledgeBase, asked: Asked, _: str) -> Brief:
    request = asked.request(base.config)
    with base.open(request.mode) as index:
        return index.brief(request).as_json()


def _who(base: KnowledgeBase, asked: Asked, _: str) -> WhoAnswer:
    return base.who(asked.request(base.config)).as_json()


def _similar(base: KnowledgeBase, asked: Similar, _: str) -> SimilarAnswer:
    lesson = _named(base, asked.id)  # first, because any other name could be that of a file
    return base.similar(SimilarRequest(lesson.path, asked.limit, None, asked.options)).as_json()


def _lesson(base: KnowledgeBase, part: Named, id_: str) -> ShownLesson:
    if part.line and part.section:
        raise UnknownSection("a line and a section are two ways to name a part; leave one out")
    lesson = _named(base, id_)
    return base.show(f"{lesson.path}:{part.line}" if part.line else lesson.path, kind=part.section).as_json()


def _named(base: KnowledgeBase, id_: str) -> Lesson:
    lesson, _place = base.find(id_, looks_at_files=False)
    return lesson


def _impact(base: KnowledgeBase, asked: Impact, _: str) -> ImpactReport:
    return base.overview.impact(ImpactRequest(asked.request, asked.by)).as_json()


def _map(base: KnowledgeBase, asked: Lessons, _: str) -> TopicMap:
    return base.overview.map(MapRequest(asked.request), datetime.now(UTC).date(), for_others=True).as_json()


def _gaps(base: KnowledgeBase, _asked: Nothing, _: str) -> Needs:
    # Only what several people have shared: the log of the user who started the server is nobody else's business.
    return {"gaps": [gap.as_json() for gap in base.demand.shared_gaps() if gap.words()]}


def _status(base: KnowledgeBase, _asked: Nothing, _: str) -> Status:
    return base.upkeep.status().as_json()


ENDPOINTS: Mapping[str, Endpoint] = {
    "/api/search": Endpoint("The lessons for a problem.", Search, _search, SearchAnswer),
    "/api/brief": Endpoint("One page on a problem: cases, tools, steps, and whom to call.", Asked, _brief, Brief),
    "/api/who": Endpoint("The people to ask about a problem.", Asked, _who, WhoAnswer),
    "/api/similar": Endpoint("The lessons most like a lesson.", Similar, _similar, SimilarAnswer),
    "/api/lessons/{id:path}": Endpoint(
        "A lesson, or a part of it.", Named, _lesson, ShownLesson, names_lesson=True, reads_files=True
    ),
    "/api/impact": Endpoint("What the interventions brought.", Impact, _impact, ImpactReport, is_slow=True),
    "/api/map": Endpoint("The topics of the library, and where it is thin.", Lessons, _map, TopicMap, is_slow=True),
    "/api/gaps": Endpoint(
        "What several people asked for and the library does not have.", Nothing, _gaps, Needs, is_slow=True
    ),
    "/api/status": Endpoint(
        "Whether the index is up to date, and what it holds.", Nothing, _status, Status, reads_files=True
    ),
}
"""Path → what it answers."""
