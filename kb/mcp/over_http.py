"""Serves agents over HTTP, as part of `kb serve`: streamable HTTP, one request and one answer at a time.

No sessions: each request says all that is needed, so that nothing is kept for clients that never come back, and a
restart ends no conversation. Nothing is streamed, because every answer is short and comes at once.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from starlette.types import Receive, Scope, Send

from kb.errors import MissingExtra
from kb.serve.current import Lend
from kb.serve.problems import Refused
from kb.serve.workers import Workers
from kb.serve.writing.permission import Permissions, name_of
from kb.serve.writing.same_site import refuse_other_sites

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

_MOST_BYTES = 1_000_000


class OverHttp:
    """The application at `/mcp`. The protocol's library is loaded by the first request, as it takes a second."""

    def __init__(
        self,
        lend: Lend,
        workers: Workers,
        permissions: Permissions,
        report: Callable[[Exception], object],
    ) -> None:
        self._lend = lend
        self._workers = workers
        self._report = report
        self._permissions = permissions
        self._starting = asyncio.Lock()
        self._manager: StreamableHTTPSessionManager | None = None
        self._running: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self._starting:
            manager = self._manager = self._manager or await self._started()
        await manager.handle_request(scope, receive, send)

    async def _started(self) -> StreamableHTTPSessionManager:
        try:
            manager = await asyncio.to_thread(self._made)
        except ModuleNotFoundError as error:
            raise Refused(HTTPStatus.NOT_IMPLEMENTED, str(MissingExtra("mcp", "the library mcp"))) from error
        ready = asyncio.Event()
        self._running = asyncio.create_task(_run(manager, ready))
        await ready.wait()
        return manager

    def _made(self) -> StreamableHTTPSessionManager:
        from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

        from kb.mcp.server import server

        logging.getLogger("mcp").setLevel(logging.CRITICAL)  # the log of requests says what matters
        served = server(self._lend, self._workers, self._writer, self._report)
        return StreamableHTTPSessionManager(
            served, json_response=True, stateless=True, max_request_body_size=_MOST_BYTES
        )

    def _writer(self, context: Any) -> str | None:
        """Return the name of the token with which a request may write; empty if none is needed, None if it may not."""
        request = context.request
        if request is None or not self._permissions.of(request.scope).is_given:
            return None
        try:
            refuse_other_sites(request.headers)
        except Refused:
            return None
        return name_of(request.scope)


async def _run(manager: StreamableHTTPSessionManager, ready: asyncio.Event) -> None:
    """Keep the manager until the server ends and cancels this."""
    async with manager.run():
        ready.set()
        await asyncio.Event().wait()
