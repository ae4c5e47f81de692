"""Runs the work of requests in a few threads, and refuses more than it can do soon."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from http import HTTPStatus
from threading import Lock
from typing import NamedTuple, TypeVar

from kb.serve.problems import Refused

_Result = TypeVar("_Result")


class Limits(NamedTuple):
    """How much is done at once."""

    threads: int = 4
    waiting: int = 64
    """Requests that may wait for a thread; more are refused with status 429."""
    seconds: float = 20.0
    """After which a request is given up."""
    seconds_to_arrive: float = 10.0
    """Within which head and body of a request must have arrived."""
    seconds_between: int = 30
    """After which a connection on which nothing is asked any more is closed."""


class Workers:
    """A bounded number of threads with a bounded queue."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._pool = ThreadPoolExecutor(limits.threads, "answers")
        self.busy = 0
        """Requests that are answered or wait now."""
        self._counting = Lock()

    async def run(self, work: Callable[[], _Result]) -> _Result:
        """Return what `work` returns; raises what it raises, and `Refused` if there is no room or no time."""
        if self.busy >= self._limits.threads + self._limits.waiting:
            raise Refused(HTTPStatus.TOO_MANY_REQUESTS, "too many requests at once; try again", {"Retry-After": "1"})
        self._count(1)
        started = self._pool.submit(copy_context().run, work)
        started.add_done_callback(lambda done: self._count(-1))
        try:
            return await asyncio.wait_for(asyncio.wrap_future(started), self._limits.seconds)
        except TimeoutError:
            started.cancel()  # if it still waits; a thread cannot be stopped
            detail = f"no answer within {self._limits.seconds:g} seconds; ask for less, or try again"
            raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, detail, {"Retry-After": "5"}) from None

    def _count(self, number: int) -> None:
        with self._counting:  # the end of one that was given up is counted in its thread
            self.busy += number

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
