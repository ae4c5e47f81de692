"""How a long job tells how far it is."""

from __future__ import annotations

import sys
import time
from typing import Protocol

_SECONDS_BETWEEN_LINES = 30.0


class Progress(Protocol):
    """Receives what a job does; a terminal draws it, a log lists it, a test ignores it."""

    def tell(self, line: str) -> None:
        """Say one thing for people."""

    def stage(self, name: str, total: int) -> None:
        """Begin a stage of `total` steps; the stage before it is done."""

    def advance(self, steps: int = 1) -> None: ...

    def finish(self) -> None:
        """End the last stage, also when the job failed."""


class Silent:
    """For callers with nobody to tell."""

    def tell(self, line: str) -> None: ...

    def stage(self, name: str, total: int) -> None: ...

    def advance(self, steps: int = 1) -> None: ...

    def finish(self) -> None: ...


class ProgressLines:
    """For a log: one line when a long stage begins, and one every half minute of it."""

    def __init__(self) -> None:
        self._name, self._total, self._done = "", 0, 0
        self._began = self._said = time.monotonic()

    def tell(self, line: str) -> None:
        print(f"kb: {line}", file=sys.stderr)

    def stage(self, name: str, total: int) -> None:
        self._name, self._total, self._done = name, total, 0
        self._began = self._said = time.monotonic()
        if total > 1:
            self.tell(f"{name}: {total:,}")

    def advance(self, steps: int = 1) -> None:
        self._done += steps
        now = time.monotonic()
        if now - self._said >= _SECONDS_BETWEEN_LINES and self._done:
            self._said = now
            rate = self._done / (now - self._began)
            left = (self._total - self._done) / rate
            self.tell(f"{self._name}: {self._done:,} of {self._total:,}, {rate:.0f}/s, {left:.0f} s left")

    def finish(self) -> None: ...
