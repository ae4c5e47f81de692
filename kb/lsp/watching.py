"""Checks documents when typing has stopped, each in a thread of its own, so that none waits for another."""

from __future__ import annotations

from collections.abc import Callable
from threading import Condition, Thread

QUIET = 0.1
"""Seconds without a change before a document is checked."""


class Watching:
    """Calls `check` with the name of a document some time after its last change."""

    def __init__(self, check: Callable[[str], object], quiet: float = QUIET) -> None:
        self._check = check
        self._quiet = quiet
        self._watches: dict[str, _Watch] = {}

    def changed(self, name: str) -> None:
        """Check a document soon."""
        watch = self._watches.get(name)
        if watch is None:
            watch = self._watches[name] = _Watch(name, self._check, self._quiet)
        watch.changed()

    def ended(self, name: str) -> None:
        """Check a document no more."""
        if watch := self._watches.pop(name, None):
            watch.end()

    def end(self) -> None:
        """Check nothing more."""
        for name in [*self._watches]:
            self.ended(name)


class _Watch:
    """One document; its thread ends with the program."""

    def __init__(self, name: str, check: Callable[[str], object], quiet: float) -> None:
        self._name, self._check, self._quiet = name, check, quiet
        self._condition = Condition()
        self._changes = 0
        self._ended = False
        Thread(target=self._run, daemon=True).start()

    def changed(self) -> None:
        with self._condition:
            self._changes += 1
            self._condition.notify()

    def end(self) -> None:
        with self._condition:
            self._ended = True
            self._condition.notify()

    def _run(self) -> None:
        done = 0
        while not self._ended:
            done = self._settled(done)
            if not self._ended:
                self._check(self._name)

    def _settled(self, done: int) -> int:
        """Wait for a change after number `done`, and until no other follows; return the number of the last one."""
        with self._condition:
            self._condition.wait_for(lambda: self._changes > done or self._ended)
            seen = done
            while seen != self._changes and not self._ended:
                seen = self._changes
                self._condition.wait(self._quiet)
            return seen
