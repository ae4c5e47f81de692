"""The addresses of the pages, and how each is answered."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from http import HTTPStatus
from typing import TYPE_CHECKING, cast
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kb.errors import UnknownLesson
from kb.knowledge_base import KnowledgeBase
from kb.serve.answering import Answering, Manner
from kb.serve.api.parameters import Nothing, from_query
from kb.serve.body import body_of
from kb.serve.front import refused_by
from kb.serve.headers import OF_PAGES
from kb.serve.page.addresses import lesson_page, root_of
from kb.serve.page.asked import Question
from kb.serve.page.refusals import error_page, wants_page
from kb.serve.problems import Refused, problem
from kb.serve.writing.permission import Permissions
from kb.visible import visible

if TYPE_CHECKING:
    from kb.serve.page.frame import Place
    from kb.serve.page.library import Libraries, Library

_HTML = "text/html"
_FOR_EVER = {"Cache-Control": "private, max-age=31536000, immutable"}
_PICTURES = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"}
_MOST_SHOWN = 1_000
"""Characters of a question that could not be answered."""
_FORM = "application/x-www-form-urlencoded"
_SLOW = frozenset({"/map", "/topics/{number:int}", "/impact", "/gaps", "/stale"})
_READING_FILES = frozenset({"/status"})
PATHS = {
    **dict.fromkeys(("/", "/brief", "/who"), ("GET", "POST")),
    **dict.fromkeys(("/lessons", "/status", *_SLOW), ("GET",)),
}
"""The methods of each path: a problem may be sent to some. `kb.serve.page.kinds` has what each answers."""


class Pages:
    """Answers what browsers ask; what makes pages is loaded when the first is asked for, not at the start."""

    def __init__(self, answering: Answering, permissions: Permissions) -> None:
        """`permissions` decides who may record that a lesson was used."""
        self._answering = answering
        self._permissions = permissions
        self.routes = [
            *(Route(path, partial(self._page, path), methods=[*methods]) for path, methods in PATHS.items()),
            Route("/lessons/{id:path}", self._lesson),
            Route("/picture/{name}", self._picture),
            Route("/plot/{name}", self._plot),
            Route("/files/{name}", self._file),
        ]

    async def problem(self, request: Request, error: Exception) -> Response:
        """Return what is answered for an error: a page for a reader, problem details for a program."""
        refused = refused_by(error)
        if not wants_page(request.scope):
            return problem(refused)
        asked = dict(parse_qsl(request.scope["query_string"].decode("latin-1"), errors="replace"))
        return error_page(refused, self._place(request), asked.get("q", "")[:_MOST_SHOWN])

    async def _page(self, path: str, request: Request) -> Response:
        query, body = request.scope["query_string"], b""
        if request.method == "POST":
            body = await _form_of(request)
            asked = from_query(_together(query, body), Question)
            if not asked.is_long:  # an address that can be mailed
                address = root_of(_path_of(request)) + asked.address(path.removeprefix("/"))
                return _elsewhere(HTTPStatus.SEE_OTHER, address)

        def make(base: KnowledgeBase) -> str:
            from kb.serve.page.kinds import KINDS

            kind, library = KINDS[path], self._libraries.of(base)
            asked = from_query(_together(query, body), kind.parameters)
            return _sound(kind.make(library, asked, self._place_in(library, request), request.path_params))

        manner = Manner(_HTML, path in _SLOW, path in _READING_FILES, OF_PAGES)
        return await self._answering.answer(request, body, make, manner)

    async def _lesson(self, request: Request) -> Response:
        from_query(request.scope["query_string"], Nothing)
        named = request.path_params["id"]
        moved = await self._answering.workers.run(partial(self._address_of, named))
        if moved != named:
            return _elsewhere(HTTPStatus.TEMPORARY_REDIRECT, root_of(_path_of(request)) + moved)

        permission = self._permissions.of(request.scope)

        def make(base: KnowledgeBase) -> str:
            from kb.serve.page.lesson import lesson_page_of

            library = self._libraries.of(base)
            lesson, _ = base.find(named, looks_at_files=False)
            return _sound(lesson_page_of(library, lesson, self._place_in(library, request), permission))

        # A form can be sent once, so the page with it is never shown again.
        headers = {**OF_PAGES, "Cache-Control": "no-store"} if permission.is_given else OF_PAGES
        return await self._answering.answer(request, b"", make, Manner(_HTML, reads_files=True, headers=headers))

    def _address_of(self, named: str) -> str:
        """Return the name itself if it is a lesson's id; else the address of the lesson that has it otherwise."""
        with self._answering.current.base() as base:
            try:
                lesson, place = base.find(named, looks_at_files=False)
            except UnknownLesson:
                if now := self._libraries.of(base).moved.get(named):
                    return lesson_page(now)
                raise
        if lesson.id == named and not place.line:
            return named
        return lesson_page(lesson.id) + (f"#L{place.line}" if place.line else "")

    async def _picture(self, request: Request) -> Response:
        name = request.path_params["name"]
        data = await self._read(lambda library: library.picture(f"picture/{name}"))
        return _file(data, _PICTURES.get(name.rpartition(".")[2], ""))

    async def _plot(self, request: Request) -> Response:
        def plot_now(library: Library) -> bytes | None:
            from kb.serve.page.overviews import plot

            return plot(library, request.path_params["name"])

        return _file(await self._read(plot_now), "image/svg+xml")

    async def _read(self, read: Callable[[Library], bytes | None]) -> bytes | None:
        def read_now() -> bytes | None:
            with self._answering.current.base() as base:
                return read(self._libraries.of(base))

        return await self._answering.workers.run(read_now)

    async def _file(self, request: Request) -> Response:
        from kb.serve.page.frame import FILES

        found = FILES.get(f"files/{request.path_params['name']}")
        return _file(found and found.data, found.media_type if found else "")

    @cached_property
    def _libraries(self) -> Libraries:
        from kb.serve.page.library import Libraries

        return Libraries()

    def _place_in(self, library: Library, request: Request) -> Place:
        return self._place(request)._replace(lessons=len(library.content.lessons))

    def _place(self, request: Request) -> Place:
        from kb.serve.page.frame import Place

        with self._answering.current.base() as base:
            return Place(base.config.root.resolve().name, root_of(_path_of(request)))


def _elsewhere(status: HTTPStatus, address: str) -> Response:
    return Response(status_code=status, headers={**OF_PAGES, "Location": address})


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
