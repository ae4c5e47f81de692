"""What every request passes: whether it may be answered, its errors, its line in the log, its count."""

from __future__ import annotations

import time
from collections.abc import Callable
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kb.errors import KbError
from kb.serve.headers import OF_ALL
from kb.serve.log import Log
from kb.serve.metrics import Metrics
from kb.serve.page.refusals import plain_page, wants_page
from kb.serve.problems import Refused, problem, refusal_of
from search.errors import SearchError

Check = Callable[[Scope, Headers], None]
"""Raises `Refused` for a request that must not be answered."""


class Front:
    """The outermost application."""

    def __init__(
        self, app: ASGIApp, *, check: Check, metrics: Metrics, log: Log, with_queries: bool, logs: bool
    ) -> None:
        """`with_queries`: whether the log has the query of each address, which is what people asked."""
        self._app = app
        self._check = check
        self._metrics = metrics
        self._log = log
        self._with_queries = with_queries
        self._logs = logs

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status, begun = time.perf_counter(), 0, False

        async def sent(message: Message) -> None:
            nonlocal status, begun
            if message["type"] == "http.response.start":
                status, begun = message["status"], True
                names = {name for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(pair for pair in OF_ALL if pair[0] not in names)]
            await send(message)

        try:
            self._check(scope, Headers(scope=scope))
            await self._app(scope, receive, sent)
        except ClientDisconnect:
            pass  # nobody is there to be answered
        except Exception as error:
            if not is_foreseen(error):
                self._log.failure(error)
            if begun:
                raise
            refused = refused_by(error)
            answer = plain_page(refused) if wants_page(scope) else problem(refused)
            await answer(scope, receive, sent)
        finally:
            self._note(scope, status, time.perf_counter() - started)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route = scope.get("route")
        path = getattr(route, "path", "other")
        self._metrics.count(path, status, seconds)
        if not self._logs:
            return
        query = {"query": scope["query_string"].decode("latin-1")} if self._with_queries else {}
        self._log.note(method=scope["method"], path=path, status=status, ms=round(seconds * 1000, 1), **query)


def is_foreseen(error: Exception) -> bool:
    return isinstance(error, (HTTPException, Refused, KbError, SearchError))


def refused_by(error: Exception) -> Refused:
    """Return what is answered for an error."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, (KbError, SearchError)):
        return refusal_of(error)
    if isinstance(error, HTTPException):
        return Refused(HTTPStatus(error.status_code), error.detail, error.headers)
    return Refused(HTTPStatus.INTERNAL_SERVER_ERROR, "the server failed at this request; its log says how")
