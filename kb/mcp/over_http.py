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

from kb.access.token import Role
from kb.errors import MissingExtra
from kb.serve.current import Lend
from kb.serve.problems import Refused
from kb.serve.workers import Workers

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

_MOST_BYTES = 1_000_000


class OverHttp:
    """The application at `/mcp`. The protocol's library is loaded by the first request, as it takes a second."""

    def __init__(
        self,
        lend: Lend,
        workers: Workers,
        report: Callable[[Exception], object],
        *,
        allows_writes: bool,
    ) -> None:
        self._lend = lend
        self._workers = workers
        self._report = report
        self._allows_writes = allows_writes
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
        served = server(self._lend, self._workers, self._may_write, self._report)
        return StreamableHTTPSessionManager(
            served, json_response=True, stateless=True, max_request_body_size=_MOST_BYTES
        )

    def _may_write(self, context: Any) -> bool:
        """Return whether a request may write: on this machine alone it needs no token, elsewhere one for writing."""
        if not self._allows_writes or context.request is None:
            return False
        return context.request.scope.get("state", {}).get("role", Role.WRITE) is Role.WRITE


async def _run(manager: StreamableHTTPSessionManager, ready: asyncio.Event) -> None:
    """Keep the manager until the server ends and cancels this."""
    async with manager.run():
        ready.set()
        await asyncio.Event().wait()
