"""The addresses of the pages, and how each is answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any, NamedTuple, cast
from urllib.parse import parse_qsl, urlencode

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kb.knowledge_base import KnowledgeBase
from kb.serve.answering import Answering, Manner
from kb.serve.api.parameters import Nothing, from_query
from kb.serve.body import body_of
from kb.serve.front import refused_by
from kb.serve.page.addresses import lesson_page, root_of
from kb.serve.page.asked import Question
from kb.serve.page.files import FILES
from kb.serve.page.frame import HEADERS, Place
from kb.serve.page.keeping import gaps_page, stale_page, status_page
from kb.serve.page.lesson import lesson_page_of
from kb.serve.page.library import Libraries, Library, library_name
from kb.serve.page.overviews import impact_page, lessons_page, map_page, plot, topic_page
from kb.serve.page.problem import brief_page, who_page
from kb.serve.page.refusals import error_page, wants_page
from kb.serve.page.search import results_page, start_page
from kb.serve.problems import Refused, problem
from kb.serve.writing.permission import Permissions
from kb.visible import visible

_HTML = "text/html"
_FOR_EVER = {"Cache-Control": "private, max-age=31536000, immutable"}
_PICTURES = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"}
_MOST_SHOWN = 1_000
"""Characters of a question that could not be answered."""
_FORM = "application/x-www-form-urlencoded"


class Numbered(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A page of a list."""

    page: Annotated[int, msgspec.Meta(ge=1, le=100_000)] = 1


class PageKind(NamedTuple):
    """A kind of page."""

    parameters: type[msgspec.Struct]
    make: Callable[[Library, Any, Place, Mapping[str, Any]], str]
    """Takes what is asked, where the page stands, and what its path names."""
    asks: bool = False
    """Whether a problem may be sent to it."""
    is_slow: bool = False
    reads_files: bool = False


def _search(library: Library, question: Question, place: Place, _: Mapping[str, Any]) -> str:
    return results_page(library, question, place) if question.asks else start_page(library, place)


def _topic(library: Library, asked: Numbered, place: Place, path: Mapping[str, Any]) -> str:
    return topic_page(library, path["number"], asked.page, date.today(), place)


KINDS: Mapping[str, PageKind] = {
    "/": PageKind(Question, _search, asks=True),
    "/brief": PageKind(Question, lambda library, asked, place, _: brief_page(library, asked, place), asks=True),
    "/who": PageKind(Question, lambda library, asked, place, _: who_page(library, asked, place), asks=True),
    "/lessons": PageKind(Numbered, lambda library, asked, place, _: lessons_page(library, asked.page, place)),
    "/map": PageKind(Nothing, lambda library, _, place, __: map_page(library, date.today(), place), is_slow=True),
    "/topics/{number:int}": PageKind(Numbered, _topic, is_slow=True),
    "/impact": PageKind(Nothing, lambda library, _, place, __: impact_page(library, place), is_slow=True),
    "/gaps": PageKind(Nothing, lambda library, _, place, __: gaps_page(library, place), is_slow=True),
    "/stale": PageKind(Nothing, lambda library, _, place, __: stale_page(library, date.today(), place), is_slow=True),
    "/status": PageKind(Nothing, lambda library, _, place, __: status_page(library, place), reads_files=True),
}
"""The kind of page at each path."""


class Pages:
    """Answers what browsers ask."""

    def __init__(self, answering: Answering, permissions: Permissions) -> None:
        """`permissions` decides who may record that a lesson was used."""
        self._answering = answering
        self._permissions = permissions
        self._libraries = Libraries()
        self.routes = [
            *(
                Route(path, partial(self._page, path, kind), methods=["GET", "POST"] if kind.asks else ["GET"])
                for path, kind in KINDS.items()
            ),
            Route("/lessons/{id:path}", self._lesson),
            Route("/picture/{name}", self._picture),
            Route("/plot/{name}", self._plot),
            *(Route(f"/{name}", self._file) for name in FILES),
        ]

    async def problem(self, request: Request, error: Exception) -> Response:
        """Return what is answered for an error: a page for a reader, problem details for a program."""
        refused = refused_by(error)
        if not wants_page(request.scope):
            return problem(refused)
        asked = dict(parse_qsl(request.scope["query_string"].decode("latin-1"), errors="replace"))
        return error_page(refused, self._place(request), asked.get("q", "")[:_MOST_SHOWN])

    async def _page(self, path: str, kind: PageKind, request: Request) -> Response:
        query, body = request.scope["query_string"], b""
        if request.method == "POST":
            body = await _form_of(request)
            asked = cast(Question, _asked(_together(query, body), kind))
            if not asked.is_long:  # an address that can be mailed
                address = root_of(_path_of(request)) + asked.address(path.removeprefix("/"))
                return Response(status_code=HTTPStatus.SEE_OTHER, headers={**HEADERS, "Location": address})

        def make(base: KnowledgeBase) -> str:
            library = self._libraries.of(base)
            place = self._place(request)._replace(lessons=len(library.content.lessons))
            return _sound(kind.make(library, _asked(_together(query, body), kind), place, request.path_params))

        return await self._answering.answer(request, body, make, Manner(_HTML, kind.is_slow, kind.reads_files, HEADERS))

    async def _lesson(self, request: Request) -> Response:
        from_query(request.scope["query_string"], Nothing)
        named = request.path_params["id"]
        moved = await self._answering.workers.run(partial(self._address_of, named))
        if moved != named:
            address = root_of(_path_of(request)) + moved
            return Response(status_code=HTTPStatus.TEMPORARY_REDIRECT, headers={**HEADERS, "Location": address})

        permission = self._permissions.of(request.scope)

        def make(base: KnowledgeBase) -> str:
            library = self._libraries.of(base)
            place = self._place(request)._replace(lessons=len(library.content.lessons))
            lesson, _ = base.find(named, looks_at_files=False)
            return _sound(lesson_page_of(library, lesson, place, permission))

        # A form can be sent once, so the page with it is never shown again.
        headers = {**HEADERS, "Cache-Control": "no-store"} if permission.is_given else HEADERS
        return await self._answering.answer(request, b"", make, Manner(_HTML, reads_files=True, headers=headers))

    def _address_of(self, named: str) -> str:
        """Return the name itself if it is a lesson's id; else the address of the lesson that has it otherwise."""
        with self._answering.current.base() as base:
            lesson, place = base.find(named, looks_at_files=False)
        if lesson.id == named and not place.line:
            return named
        return lesson_page(lesson.id) + (f"#L{place.line}" if place.line else "")

    async def _picture(self, request: Request) -> Response:
        name = request.path_params["name"]
        data = await self._read(lambda library: library.picture(f"picture/{name}"))
        return _file(data, _PICTURES.get(name.rpartition(".")[2], ""))

    async def _plot(self, request: Request) -> Response:
        name = request.path_params["name"]
        data = await self._read(lambda library: plot(library, name))
        return _file(data, "image/svg+xml")

    async def _read(self, read: Callable[[Library], bytes | None]) -> bytes | None:
        def read_now() -> bytes | None:
            with self._answering.current.base() as base:
                return read(self._libraries.of(base))

        return await self._answering.workers.run(read_now)

    async def _file(self, request: Request) -> Response:
        found = FILES[request.scope["path"].removeprefix("/")]
        return _file(found.data, found.media_type)

    def _place(self, request: Request) -> Place:
        with self._answering.current.base() as base:
            return Place(library_name(base), root_of(_path_of(request)))


def _sound(html: str) -> str:
    """Return a page without characters that hide or reorder others, or that are none."""
    return visible(html).encode("utf-8", "replace").decode()


def _file(data: bytes | None, media_type: str) -> Response:
    if data is None:
        raise Refused(HTTPStatus.NOT_FOUND, "there is no such file")
    return Response(data, headers=_FOR_EVER, media_type=media_type)


def _path_of(request: Request) -> str:
    """Return the path as it was asked for: browsers go by its slashes, not by those that are encoded."""
    return cast(bytes, request.scope["raw_path"]).decode("latin-1")


def _asked(query: bytes, kind: PageKind) -> msgspec.Struct:
    return from_query(query, kind.parameters)


def _together(query: bytes, body: bytes) -> bytes:
    """Return what an address and a form say; empty fields say nothing, and the form is newer."""
    sent = parse_qsl(body.decode("latin-1"), keep_blank_values=True, encoding="latin-1")
    names = {name for name, _ in sent}
    before = parse_qsl(query.decode("latin-1"), encoding="latin-1")
    pairs = [*((name, value) for name, value in before if name not in names), *sent]
    return urlencode([pair for pair in pairs if pair[1].strip()], encoding="latin-1").encode()


async def _form_of(request: Request) -> bytes:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, f"the form must be sent as {_FORM}")
    return await body_of(request)
