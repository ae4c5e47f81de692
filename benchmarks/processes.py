"""Runs parts of a benchmark in processes of their own, and times them."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from multiprocessing import get_context
from typing import TypeVar

Argument = TypeVar("Argument")
Result = TypeVar("Result")


def apart(work: Callable[..., Result], *arguments: object) -> Result:
    """Run a function in a new process: memory that was once used stays counted, and caches stay filled."""
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
