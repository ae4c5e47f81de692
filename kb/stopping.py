"""How a process of kb is stopped from outside: tidily where work has begun, else at once, and only once.

It imports next to nothing, because a signal may come before all else.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, NoReturn

# As `kb.errors.Exit` has them, which need not be there yet.
INTERRUPTED, TERMINATED = 130, 143
SAID = "kb: interrupted; nothing is left half done\n"
_NOT_TIDIED_UP = "kb: stopped while tidying up; `kb reindex` removes what is left over\n"
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_NOT_DECIDED = (signal.SIG_DFL, signal.default_int_handler)
# Tidying up takes some milliseconds, on a busy machine seconds. The first signal begins it. A second one is ignored,
# because it may come by itself: `timeout` sends it to the process and to its group. A third one ends the process at
# once if it comes this long after the first.
SECONDS_TO_TIDY_UP = 2.0
_SIGNALS_BEFORE_THE_END = 2
_SECONDS_TO_RAISE_AGAIN = 0.01


class Terminated(KeyboardInterrupt):
    """The system wants the program to stop (SIGTERM, SIGHUP): the same as Ctrl-C, from somebody else."""


class Stopping:
    """Hears the signals by which one is told to stop: Ctrl-C, SIGTERM, and SIGHUP of a terminal that is closed."""

    def __init__(self, *, at_work: bool) -> None:
        """Before work has begun, and after it, there is nothing to tidy up: the process ends at once."""
        self.code = 0
        """With which the process ends, once it was told to stop."""
        self._at_work = at_work
        self._told_at = 0.0
        self._times_told = 0
        self._before: dict[int, Any] = {}

    def listen(self) -> Stopping:
        """Hear the signals from now on."""
        for number in _SIGNALS:
            if signal.getsignal(number) in _NOT_DECIDED:  # else somebody has: `nohup`, a shell's background
                self._before[number] = signal.signal(number, self._told)
        self._before[signal.SIGALRM] = signal.signal(signal.SIGALRM, self._raise)
        self._unraisable, sys.unraisablehook = sys.unraisablehook, self._swallowed
        _heard_by.append(self)
        return self

    def let_go(self) -> None:
        """Leave the signals to whoever heard them before."""
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        sys.unraisablehook = self._unraisable
        _heard_by.remove(self)

    def note(self, *, at_work: bool) -> None:
        """Note that there is something to tidy up from now on, or no more."""
        self._at_work = at_work

    def _told(self, number: int, _frame: FrameType | None) -> None:
        self._times_told += 1
        first = self._times_told == 1
        if first:
            self.code = INTERRUPTED if number == signal.SIGINT else TERMINATED
            self._told_at = time.monotonic()
        if not self._at_work:
            end(self.code, SAID)
        if first:
            self._raise()
        elif self._times_told > _SIGNALS_BEFORE_THE_END and time.monotonic() - self._told_at > SECONDS_TO_TIDY_UP:
            end(self.code, _NOT_TIDIED_UP)

    def _raise(self, *_: object) -> NoReturn:
        raise KeyboardInterrupt if self.code == INTERRUPTED else Terminated

    def _swallowed(self, what: Any) -> None:
        """Raise an interrupt again that came where Python can only print it: while an object was being dropped."""
        if isinstance(what.exc_value, KeyboardInterrupt):
            signal.setitimer(signal.ITIMER_REAL, _SECONDS_TO_RAISE_AGAIN)
        else:
            self._unraisable(what)


_heard_by: list[Stopping] = []
"""Who hears the signals of this process; nobody or one."""


@contextmanager
def stoppable() -> Iterator[Stopping]:
    """Hear the signals for the work within, unless the process hears them anyway."""
    if _heard_by:
        yield _heard_by[-1]
    else:
        stopping = Stopping(at_work=True).listen()
        try:
            yield stopping
        finally:
            stopping.let_go()


def work_begins() -> None:
    """Note that whatever was to be imported first is, and that there is something to tidy up from now on."""
    if _heard_by:
        _heard_by[-1].note(at_work=True)


def end(code: int, said: str = "") -> NoReturn:
    """End without waiting for threads: one may wait for an import that the interrupt has left locked."""
    try:
        sys.stderr.write(said)
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)
