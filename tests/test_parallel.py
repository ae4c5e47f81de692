"""Work in threads: its results are those of one thread, in order, and an early end leaves nothing running."""

from __future__ import annotations

import threading
from contextlib import closing

import pytest

from search.storage.parallel import in_threads, usable_cores
from tests.cores import one_core


@pytest.mark.parametrize("threads", [1, 3])
def test_results_come_in_the_order_of_the_arguments_whichever_is_ready_first(threads: int) -> None:
    others_began = threading.Event()

    def square(number: int) -> int:
        if number == 0 and threads > 1:
            others_began.wait(10)
        others_began.set()
        return number**2

    assert list(in_threads(square, range(20), threads)) == [number**2 for number in range(20)]


def test_what_a_call_raises_is_raised_in_its_place() -> None:
    results = in_threads(lambda number: 6 // number, [3, 2, 0, 1], 2)
    assert [next(results), next(results)] == [2, 3]
    with pytest.raises(ZeroDivisionError):
        next(results)


def test_a_caller_that_stops_early_leaves_no_thread_and_no_further_call_behind() -> None:
    called: list[int] = []
    before = threading.active_count()
    with closing(in_threads(called.append, range(1000), 2)) as results:
        next(results)
    assert threading.active_count() == before
    assert len(called) < 20


def test_only_cores_that_this_process_may_use_are_counted() -> None:
    with one_core():
        assert usable_cores() == 1
