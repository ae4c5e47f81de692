"""Computes answers in the workers, tags them, and remembers those that took long."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from http import HTTPStatus
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from kb import __version__
from kb.knowledge_base import KnowledgeBase
from kb.serve.current import Current
from kb.serve.workers import Workers

_MOST_REMEMBERED = 32

Make = Callable[[KnowledgeBase], str]
"""Returns the text of an answer."""


class Manner(NamedTuple):
    """How an answer is made and sent."""

    media_type: str
    is_slow: bool = False
    """Whether it computes over all lessons, so that its last answers are remembered."""
    reads_files: bool = False
    """Whether it reads files beside the index: only the answer itself says whether it has changed."""
    headers: Mapping[str, str] = {}


class Answering:
    """Answers requests from the state of the knowledge base that is open."""

    def __init__(self, current: Current, workers: Workers) -> None:
        self.current = current
        self.workers = workers
        self._slow: OrderedDict[str, str] = OrderedDict()
        """The last answers of slow addresses, by their tags."""

    async def answer(self, request: Request, body: bytes, make: Make, manner: Manner) -> Response:
        """Return the answer, or that the client has it already; raises as `make` and `Workers.run` do."""
        tag, text = self._tag(request, body), ""
        if manner.reads_files:
            text = await self.computed(make)
            tag = _tag_of(text)
        headers = {"ETag": tag, "Cache-Control": "private, no-cache", **manner.headers}
        if _is_known(tag, request):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        text = text or self._slow.get(tag, "") or await self.computed(make)
        if manner.is_slow:
            self._remember(tag, text)
        return Response(text, headers=headers, media_type=manner.media_type)

    async def computed(self, make: Make) -> str:
        """Return what is made, in a worker."""
        return await self.workers.run(partial(self._made, make))

    def _made(self, make: Make) -> str:
        with self.current.base() as base:
            return make(base)

    def _tag(self, request: Request, body: bytes) -> str:
        """Return a tag of what is answered: the same as long as nothing that answers depend on has changed."""
        depends = (
            __version__,
            self.current.stamp,
            date.today(),
            request.scope["raw_path"],
            request.scope["query_string"],
            body,
        )
        return _tag_of(repr(depends))

    def _remember(self, tag: str, text: str) -> None:
        self._slow[tag] = text
        while len(self._slow) > _MOST_REMEMBERED:
            self._slow.popitem(last=False)


def _tag_of(text: str) -> str:
    return f'W/"{hashlib.sha256(text.encode()).hexdigest()[:24]}"'


def _is_known(tag: str, request: Request) -> bool:
    """Return whether a client has the answer with a tag already."""
    return tag in request.headers.get("if-none-match", "").replace(" ", "").split(",")
