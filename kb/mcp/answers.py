"""What each tool answers: the record that the command of the same name prints as JSON."""

from __future__ import annotations

from typing import Any, NamedTuple

from ingest.lesson import Lesson
from kb.errors import UnknownSection
from kb.knowledge_base import KnowledgeBase
from kb.mcp.parameters import Brief, Gaps, NewDraft, Paged, Reuse, Search, Show, Similar, Who
from kb.retrieval.request import SimilarRequest
from kb.reuse.request import ReuseRequest
from kb.serve.writing.requests import NewLesson
from kb.serve.writing.writer import begun, recorded
from kb.wording import shortened

Record = dict[str, Any]
_SURENESS = ("nearest", "may-help", "answers")
_LONGEST_QUERY = 200
"""Of a query in its own answer, which need not be paid for twice."""


class Part(NamedTuple):
    """A part of an answer, from an offset on."""

    record: Record
    is_last: bool = True
    """Whether the library has nothing that follows."""


def search(base: KnowledgeBase, asked: Search, _: str) -> Part:
    request = asked.request(base.config, _wanted(base, asked), every=asked.all)
    with base.open(request.mode) as index:
        record = dict(index.ask(request).as_json(index.changes.count()))
    return _part_of_hits(record, asked, base.config.limit)


def brief(base: KnowledgeBase, asked: Brief, _: str) -> Part:
    request = asked.request(base.config, 0)
    with base.open(request.mode) as index:
        record = dict(index.brief(request).as_json())
    return Part(record)


def similar(base: KnowledgeBase, asked: Similar, _: str) -> Part:
    lesson = named(base, asked.id)  # first, because any other name could be that of a file
    request = SimilarRequest(lesson.path, _wanted(base, asked), None, asked.options)
    return _part_of_hits(dict(base.similar(request).as_json()), asked, base.config.limit)


def who(base: KnowledgeBase, asked: Who, _: str) -> Part:
    record = dict(base.who(asked.request(base.config, _wanted(base, asked))).as_json())
    return _part(record, "people", asked, base.config.limit)


def show(base: KnowledgeBase, asked: Show, _: str) -> Part:
    from ingest.markdown.blocks import outline  # with what follows it takes time that a start does not have
    from ingest.markdown.unseen import without_unseen

    if asked.line and asked.section:
        raise UnknownSection("`line` and `section` are two ways to name a part; leave one out")
    lesson = named(base, asked.id)
    shown = base.show(f"{lesson.path}:{asked.line}" if asked.line else lesson.path, kind=asked.section)
    record = dict(shown.as_json())
    # What a reader of the page does not see, nobody has checked: the favourite place for words to a model.
    record["text"] = without_unseen(shown.text, outline(shown.text).leaves)
    return Part(record)


def gaps(base: KnowledgeBase, asked: Gaps, _: str) -> Part:
    # Only what several people have shared: the log of the user who started the server is nobody else's business.
    shared = [gap.as_json() for gap in base.demand.shared_gaps() if gap.words()]
    return Part({"gaps": shared[asked.offset :]})


def reuse(base: KnowledgeBase, asked: Reuse, by: str) -> Part:
    request = ReuseRequest.typed(asked.id, asked.used_in, asked.outcome, asked.note, asked.saved)
    return Part(dict(recorded(request._replace(by=by), base)))


def new_draft(base: KnowledgeBase, asked: NewDraft, by: str) -> Part:
    return Part(dict(begun(NewLesson(title=asked.title, notes=asked.notes, template=asked.template), by, base)))


def named(base: KnowledgeBase, id_: str) -> Lesson:
    """Return the lesson with an id, a path or a part of a title; raises `UnknownLesson`, `AmbiguousId`."""
    lesson, _place = base.find(id_, looks_at_files=False)
    return lesson


def _wanted(base: KnowledgeBase, asked: Paged) -> int:
    """Return how many to find: one more than asked for says whether there are more."""
    return asked.offset + (asked.limit or base.config.limit) + 1


def _part_of_hits(record: Record, asked: Paged, usual: int) -> Part:
    # How sure the answer is must not depend on the one hit too many.
    levels = [hit["relevance"] for hit in record["hits"][: asked.offset + (asked.limit or usual)]]
    if levels:
        best = max(levels, key=_SURENESS.index)
        record |= {"relevance": best, "relevant": best != _SURENESS[0]}
    return _part(record, "hits", asked, usual)


def _part(record: Record, items: str, asked: Paged, usual: int) -> Part:
    found, end = record[items], asked.offset + (asked.limit or usual)
    record[items] = found[asked.offset : end]
    record["query"] = shortened(record["query"], _LONGEST_QUERY)
    return Part(record, is_last=len(found) <= end)
