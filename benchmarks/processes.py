"""Runs parts of a benchmark in processes of their own, and times them."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from multiprocessing import get_context
from typing import TypeVar

Argument = TypeVar("Argument")
Result = TypeVar("Result")


def in_new_process(work: Callable[..., Result], *arguments: object) -> Result:
    """Return the result of a function, called in a new process, whose memory and caches are its own."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(work, arguments)


def timed(work: Callable[[Argument], Result], argument: Argument) -> tuple[Result, float]:
    """Return a result, and the milliseconds of processor time that it took."""
    started = time.process_time()
    result = work(argument)
    return result, 1000 * (time.process_time() - started)


def peak_megabytes() -> float:
    """Return the most memory that this process has used; on Linux, where it is counted in kilobytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
