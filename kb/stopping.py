"""Handles the signals that stop a process: with clean-up if work has begun, else at once.

It imports almost nothing, because a signal may arrive before anything else is imported.
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

# The same values as in `kb.errors.Exit`, which may not be imported yet.
INTERRUPTED, TERMINATED = 130, 143
INTERRUPTED_MESSAGE = "kb: interrupted; nothing is left half done\n"
_NOT_TIDIED_UP = "kb: stopped while tidying up; `kb reindex` removes what is left over\n"
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_NOT_DECIDED = (signal.SIG_DFL, signal.default_int_handler)
# Clean-up takes some milliseconds, on a busy machine seconds. The first signal starts it. A second one is ignored,
# because it may be sent automatically: `timeout` signals the process and its group. A later one ends the process at
# once if it arrives more than this after the first.
SECONDS_TO_TIDY_UP = 2.0
_SIGNALS_BEFORE_THE_END = 2
_SECONDS_TO_RAISE_AGAIN = 0.01


class Terminated(KeyboardInterrupt):
    """The program was stopped by SIGTERM or SIGHUP; handled like Ctrl-C."""


class Stopping:
    """Handles the signals that stop a process: SIGINT (Ctrl-C), SIGTERM, and SIGHUP (the terminal was closed)."""

    def __init__(self, *, at_work: bool) -> None:
        """If not `at_work` there is nothing to clean up, and a signal ends the process at once."""
        self.code = 0
        """Exit code of the process after a signal; 0 before."""
        self._at_work = at_work
        self._first_signal_at = 0.0
        self._signals_received = 0
        self._before: dict[int, Any] = {}

    def listen(self) -> Stopping:
        """Install the signal handlers."""
        for number in _SIGNALS:
            if signal.getsignal(number) in _NOT_DECIDED:  # else ignored on purpose: `nohup`, a background job
                self._before[number] = signal.signal(number, self._on_signal)
        self._before[signal.SIGALRM] = signal.signal(signal.SIGALRM, self._raise)
        self._unraisable, sys.unraisablehook = sys.unraisablehook, self._swallowed
        _heard_by.append(self)
        return self

    def let_go(self) -> None:
        """Restore the previous signal handlers."""
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        sys.unraisablehook = self._unraisable
        _heard_by.remove(self)

    def note(self, *, at_work: bool) -> None:
        """Set whether there is something to clean up from now on."""
        self._at_work = at_work

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        self._signals_received += 1
        first = self._signals_received == 1
        if first:
            self.code = INTERRUPTED if number == signal.SIGINT else TERMINATED
            self._first_signal_at = time.monotonic()
        if not self._at_work:
            end(self.code, INTERRUPTED_MESSAGE)
        if first:
            self._raise()
        elif (
            self._signals_received > _SIGNALS_BEFORE_THE_END
            and time.monotonic() - self._first_signal_at > SECONDS_TO_TIDY_UP
        ):
            end(self.code, _NOT_TIDIED_UP)

    def _raise(self, *_: object) -> NoReturn:
        raise KeyboardInterrupt if self.code == INTERRUPTED else Terminated

    def _swallowed(self, what: Any) -> None:
        """Raise an interrupt again if it came while an object was being freed, where Python can only print it."""
        if isinstance(what.exc_value, KeyboardInterrupt):
            signal.setitimer(signal.ITIMER_REAL, _SECONDS_TO_RAISE_AGAIN)
        else:
            self._unraisable(what)


_heard_by: list[Stopping] = []
"""The active signal handler of this process; at most one."""


@contextmanager
def stoppable() -> Iterator[Stopping]:
    """Handle the signals inside the `with` block, unless the process handles them already."""
    if _heard_by:
        yield _heard_by[-1]
    else:
        stopping = Stopping(at_work=True).listen()
        try:
            yield stopping
        finally:
            stopping.let_go()


def work_begins() -> None:
    """Declare that the imports are done, and that there is something to clean up from now on."""
    if _heard_by:
        _heard_by[-1].note(at_work=True)


def end(code: int, message: str = "") -> NoReturn:
    """End the process without waiting for threads: one may wait for an import lock that is never released."""
    try:
        sys.stderr.write(message)
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)
