"""The application: from a request to an answer."""

from __future__ import annotations

import os
from collections.abc import Callable
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
from kb.knowledge_base import KnowledgeBase
from kb.serve.answering import Answering, Manner
from kb.serve.api.endpoints import ENDPOINTS, Endpoint
from kb.serve.api.parameters import from_json, from_query
from kb.serve.body import body_of
from kb.serve.commands import CommandLine, Run, run_command
from kb.serve.current import Current
from kb.serve.front import Front
from kb.serve.metrics import Metrics
from kb.serve.page.pages import Pages
from kb.serve.problems import Refused
from kb.serve.workers import Workers
from kb.serve.writing.addresses import Addresses
from kb.serve.writing.permission import Permissions
from kb.serve.writing.writer import Writer
from kb.visible import json_text
from search.errors import SearchError

_LEAST_BYTES_COMPRESSED = 1_000
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
        writer: Writer,
        permissions: Permissions,
        agents: ASGIApp | None,
    ) -> None:
        """`run` runs a command line for another process of the same user; `permissions` decides who may write.

        `agents` answers agents, at `/mcp`.
        """
        self._run = run
        self._current = current
        self._workers = workers
        self._metrics = metrics
        self._writes = permissions.writes
        self._answering = Answering(current, workers)
        pages = Pages(self._answering, permissions)
        routes = list(Addresses(writer, permissions).routes)  # first: the path of a lesson's address may be any
        routes += [
            Route(path, partial(self._answer, endpoint), methods=["GET", "POST"])
            for path, endpoint in ENDPOINTS.items()
        ]
        routes += [
            Route("/command", self._command, methods=["POST"]),
            Route("/about", self._about),
            Route("/api/openapi.json", self._description),
            Route("/healthz", self._health),
            Route("/readyz", self._readiness),
            Route("/metrics", self._measured),
            *pages.routes,
        ]
        if agents:
            routes.append(Route("/mcp", agents, methods=["POST"]))
        self.asgi = Starlette(
            routes=routes,
            exception_handlers=dict.fromkeys((HTTPException, Refused, KbError, SearchError), pages.problem),
            middleware=[
                Middleware(front),
                Middleware(GZipMiddleware, minimum_size=_LEAST_BYTES_COMPRESSED, compresslevel=5),
            ],
        )

        self.asgi.router.redirect_slashes = False

    async def _answer(self, endpoint: Endpoint, request: Request) -> Response:
        body = await body_of(request) if request.method == "POST" else b""
        if body and request.scope["query_string"]:
            raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "parameters are in the address or in the body; choose one")
        manner = Manner(_JSON, endpoint.is_slow, endpoint.reads_files)
        return await self._answering.answer(request, body, partial(_text, endpoint, request, body), manner)

    async def _description(self, _: Request) -> Response:
        from kb.serve.api.description import description  # takes time that a start does not have

        return Response(json_text(await self._workers.run(partial(description, writes=self._writes))), media_type=_JSON)

    async def _command(self, request: Request) -> Response:
        _refuse_others(request)
        asked = from_json(await body_of(request), CommandLine)
        return Response(await self._workers.run(partial(self._printed, asked)), media_type=_JSON)

    def _printed(self, asked: CommandLine) -> bytes:
        with self._current.base() as base:
            if not self._current.is_of_now:  # that process can say why, or open what was published a moment ago
                raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, "something has changed that is not open yet")
            return msgspec.json.encode(run_command(base, asked, self._run))

    async def _about(self, request: Request) -> Response:
        """Say to `kb status` of the same user what this server is."""
        _refuse_others(request)
        current = self._current  # asked here: `kb status` waits for no worker
        told = {"root": os.path.realpath(current.root), "version": __version__, **current.state._asdict()}
        return Response(json_text({**told, "is_of_now": current.is_of_now}), media_type=_JSON)

    async def _health(self, _: Request) -> Response:
        return Response("ok\n", media_type="text/plain")

    async def _readiness(self, _: Request) -> Response:
        state = self._current.state
        return Response(json_text({"snapshot": state.snapshot, "trouble": state.trouble or None}), media_type=_JSON)

    async def _measured(self, _: Request) -> Response:
        return Response(
            self._metrics.text(self._current.state, self._workers.busy), media_type=self._metrics.media_type
        )


def _refuse_others(request: Request) -> None:
    """Raise `Refused` for whoever does not come through the socket that only this user can reach."""
    if request.client is not None:
        raise Refused(HTTPStatus.NOT_FOUND, "there is nothing here")


def _text(endpoint: Endpoint, request: Request, body: bytes, base: KnowledgeBase) -> str:
    if body:
        parameters = from_json(body, endpoint.parameters)
    else:
        parameters = from_query(request.scope["query_string"], endpoint.parameters)
    return json_text(endpoint.answer(base, parameters, request.path_params.get("id", ""))) + "\n"
