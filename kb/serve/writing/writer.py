"""Writes what others record: one thing at a time."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import date
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from kb.errors import WrongState
from kb.knowledge_base import KnowledgeBase
from kb.reuse.request import ReuseRequest
from kb.serve.current import Current
from kb.serve.workers import Limits, Workers

if TYPE_CHECKING:
    from kb.forms.keep.draft import NewDraft
    from kb.forms.keep.reuse import RecordedUse
    from kb.serve.writing.requests import NewLesson

_Result = TypeVar("_Result")
_MOST_WAITING = 16
_MOST_REMEMBERED = 1_000
_WRITING = Lock()
"""Held while something is written: what agents write is written in their threads."""


class Writer:
    """Writes for requests over HTTP in a thread of its own, so that those who read are not held up."""

    def __init__(self, current: Current, limits: Limits) -> None:
        self._current = current
        self._workers = Workers(limits._replace(threads=1, waiting=_MOST_WAITING))
        self._begun: OrderedDict[str, tuple[NewLesson, NewDraft]] = OrderedDict()
        """The last drafts by their keys."""

    async def record(self, request: ReuseRequest) -> RecordedUse:
        """Record a use as `KnowledgeBase.reuse` does; raises as that, and `Refused` as `Workers.run`."""
        return await self._written(partial(recorded, request))

    async def begin(self, wanted: NewLesson, by: str, key: str) -> tuple[NewDraft, bool]:
        """Begin a draft as `Drafts.begin` does, by `by` if that is known; return it, and whether it is new.

        It is not if the same was begun before with the same key, as long as this server has run. Raises as that.
        """
        return await self._written(partial(self._begin, wanted, by, key))

    def _begin(self, wanted: NewLesson, by: str, key: str, base: KnowledgeBase) -> tuple[NewDraft, bool]:
        if known := self._begun.get(key):
            if known[0] != wanted:
                raise WrongState("this key belongs to another draft, which was begun before; take a new key")
            return known[1], False
        new = begun(wanted, by, base)
        if key:
            self._begun[key] = wanted, new
            if len(self._begun) > _MOST_REMEMBERED:
                self._begun.popitem(last=False)
        return new, True

    async def _written(self, write: Callable[[KnowledgeBase], _Result]) -> _Result:
        return await self._workers.run(partial(self._write, write))

    def _write(self, write: Callable[[KnowledgeBase], _Result]) -> _Result:
        with self._current.base() as base:
            result = write(base)
        self._current.look()  # so that whoever wrote it sees it
        return result

    def close(self) -> None:
        """Begin no more writing; what has begun is completed."""
        self._workers.close()


def recorded(request: ReuseRequest, base: KnowledgeBase) -> RecordedUse:
    """Record a use as `KnowledgeBase.reuse` does; no name in the request is that of a file. Raises as that."""
    with _WRITING:
        reused = base.reuse(request._replace(looks_at_files=False), date.today())
        lessons = reused.outcome.lessons
        return reused.as_json(base.index.amend(lessons) if lessons else "")


def begun(wanted: NewLesson, by: str, base: KnowledgeBase) -> NewDraft:
    """Begin a draft as `Drafts.begin` does, by `by` if that is known; raises as that."""
    from kb.codify.drafts import DraftRequest
    from kb.codify.secrecy import refuse_secrets
    from kb.codify.sources.source_file import Source

    refuse_secrets("\n".join((wanted.title, *wanted.answers)).encode(errors="replace"), "title and answers")
    notes = Source(wanted.notes.encode(errors="replace"), "notes") if wanted.notes else None
    request = DraftRequest(wanted.title, notes, wanted.template, answers=wanted.answers, by=by)
    with _WRITING:
        return base.drafts(date.today()).begun(request).as_json()
