"""The cores that this process may use, and calls of a function that are spread over threads."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from search.storage.memory import is_limited

_Argument = TypeVar("_Argument")
_Result = TypeVar("_Result")

# Each thread that encodes, and each process that reads, needs memory of its own.
_MOST_CORES = 16
# Calls in hand for each thread, so that none waits for the caller.
_AHEAD = 2


def usable_cores() -> int:
    """Return the number of cores that this process may use, at most 16; 1 if its memory is limited (`ulimit -v`)."""
    if is_limited():
        return 1
    try:
        cores = len(os.sched_getaffinity(0))
    except AttributeError:  # not Linux
        cores = os.cpu_count() or 1
    return min(cores, _MOST_CORES)


def in_threads(
    call: Callable[[_Argument], _Result], arguments: Iterable[_Argument], threads: int
) -> Generator[_Result]:
    """Yield the result for each argument, in their order.

    Raises what a call raises. If the caller stops early, no other call begins, and those that run are waited for.
    """
    begun: deque[Future[_Result]] = deque()
    pool = ThreadPoolExecutor(threads)
    try:
        for argument in arguments:
            begun.append(pool.submit(call, argument))
            if len(begun) > _AHEAD * threads:
                yield begun.popleft().result()
        while begun:
            yield begun.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)
