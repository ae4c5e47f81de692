"""The application: from a request to an answer."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from datetime import date
from functools import partial
from http import HTTPStatus

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from kb import __version__
from kb.errors import KbError
from kb.serve.api.endpoints import ENDPOINTS, Endpoint
from kb.serve.api.parameters import from_json, from_query
from kb.serve.commands import CommandLine, Run, run_command
from kb.serve.current import Current
from kb.serve.front import Front, response_to
from kb.serve.metrics import Metrics
from kb.serve.problems import Refused
from kb.serve.workers import Workers
from kb.visible import json_text
from search.errors import SearchError

_MOST_BYTES_OF_BODY = 1_000_000
_LEAST_BYTES_COMPRESSED = 1_000
_MOST_REMEMBERED = 32
_JSON = "application/json"


class Application:
    """Answers the requests to one knowledge base."""

    def __init__(
        self,
        current: Current,
        workers: Workers,
        metrics: Metrics,
        front: Callable[..., Front],
        run: Run,
        agents: ASGIApp | None,
    ) -> None:
        """`run` runs a command line for another process of the same user; `agents` answers agents, at `/mcp`."""
        self._run = run
        self._current = current
        self._workers = workers
        self._metrics = metrics
        self._slow: OrderedDict[str, str] = OrderedDict()
        """The last answers of slow addresses, by their tags."""
        routes = [
            Route(path, partial(self._answer, endpoint), methods=["GET", "POST"])
            for path, endpoint in ENDPOINTS.items()
        ]
        routes += [
            Route("/command", self._command, methods=["POST"]),
            Route("/api/openapi.json", self._description),
            Route("/healthz", self._health),
            Route("/readyz", self._readiness),
            Route("/metrics", self._measured),
        ]
        if agents:
            routes.append(Route("/mcp", agents, methods=["POST"]))
        self.asgi = Starlette(
            routes=routes,
            exception_handlers=dict.fromkeys((HTTPException, Refused, KbError, SearchError), _problem),
            middleware=[
                Middleware(front),
                Middleware(GZipMiddleware, minimum_size=_LEAST_BYTES_COMPRESSED, compresslevel=5),
            ],
        )

        self.asgi.router.redirect_slashes = False

    async def _answer(self, endpoint: Endpoint, request: Request) -> Response:
        body = await _body_of(request) if request.method == "POST" else b""
        if body and request.scope["query_string"]:
            raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "parameters are in the address or in the body; choose one")
        tag, text = self._tag(request, body), ""
        if endpoint.reads_files:
            text = await self._computed(endpoint, request, body)
            tag = _tag_of(text)
        if _is_known(tag, request):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=_headers(tag))
        text = text or self._slow.get(tag, "") or await self._computed(endpoint, request, body)
        if endpoint.is_slow:
            self._remember(tag, text)
        return Response(text, headers=_headers(tag), media_type=_JSON)

    async def _computed(self, endpoint: Endpoint, request: Request, body: bytes) -> str:
        return await self._workers.run(partial(self._text, endpoint, request, body))

    def _text(self, endpoint: Endpoint, request: Request, body: bytes) -> str:
        if body:
            parameters = from_json(body, endpoint.parameters)
        else:
            parameters = from_query(request.scope["query_string"], endpoint.parameters)
        with self._current.base() as base:
            return json_text(endpoint.answer(base, parameters, request.path_params.get("id", ""))) + "\n"

    def _tag(self, request: Request, body: bytes) -> str:
        """Return a tag of what is answered: the same as long as nothing that answers depend on has changed."""
        depends = (
            __version__,
            self._current.stamp,
            date.today(),
            request.scope["path"],
            request.scope["query_string"],
            body,
        )
        return _tag_of(repr(depends))

    def _remember(self, tag: str, text: str) -> None:
        self._slow[tag] = text
        while len(self._slow) > _MOST_REMEMBERED:
            self._slow.popitem(last=False)

    async def _description(self, _: Request) -> Response:
        from kb.serve.api.description import description  # takes time that a start does not have

        return Response(json_text(await self._workers.run(description)), media_type=_JSON)

    async def _command(self, request: Request) -> Response:
        if request.client is not None:
            raise Refused(HTTPStatus.NOT_FOUND, "there is nothing here")
        asked = from_json(await _body_of(request), CommandLine)
        return Response(await self._workers.run(partial(self._printed, asked)), media_type=_JSON)

    def _printed(self, asked: CommandLine) -> bytes:
        with self._current.base() as base:
            if not self._current.is_of_now:  # that process can say why, or open what was published a moment ago
                raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, "something has changed that is not open yet")
            return msgspec.json.encode(run_command(base, asked, self._run))

    async def _health(self, _: Request) -> Response:
        return Response("ok\n", media_type="text/plain")

    async def _readiness(self, _: Request) -> Response:
        state = self._current.state
        return Response(json_text({"snapshot": state.snapshot, "trouble": state.trouble or None}), media_type=_JSON)

    async def _measured(self, _: Request) -> Response:
        return Response(
            self._metrics.text(self._current.state, self._workers.busy), media_type=self._metrics.media_type
        )


def _tag_of(text: str) -> str:
    return f'W/"{hashlib.sha256(text.encode()).hexdigest()[:24]}"'


def _is_known(tag: str, request: Request) -> bool:
    """Return whether a client has the answer with a tag already."""
    return tag in request.headers.get("if-none-match", "").replace(" ", "").split(",")


def _headers(tag: str) -> dict[str, str]:
    return {"ETag": tag, "Cache-Control": "private, no-cache"}


async def _body_of(request: Request) -> bytes:
    """Return the body; raises `Refused` as soon as it is too long."""
    _refuse_longer(int(request.headers.get("content-length", "0")))
    body = bytearray()
    async for part in request.stream():
        body += part
        _refuse_longer(len(body))
    return bytes(body)


def _refuse_longer(length: int) -> None:
    if length > _MOST_BYTES_OF_BODY:
        detail = f"the body is longer than {_MOST_BYTES_OF_BODY:,} bytes; ask with less"
        raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail, {"Connection": "close"})


async def _problem(_: Request, error: Exception) -> Response:
    return response_to(error)
