"""Reports the progress of a long job."""

from __future__ import annotations

import sys
import time
from typing import Protocol

_SECONDS_BETWEEN_LINES = 30.0


class Progress(Protocol):
    """Receives the progress of a job, to draw it in a terminal, list it in a log, or ignore it."""

    def tell(self, line: str) -> None:
        """Show one line to the user."""

    def stage(self, name: str, total: int) -> None:
        """Begin a stage of `total` steps, and end the previous one."""

    def advance(self, steps: int = 1) -> None: ...

    def finish(self) -> None:
        """End the last stage, even if the job failed."""


class Silent:
    """Ignores all progress."""

    def tell(self, line: str) -> None: ...

    def stage(self, name: str, total: int) -> None: ...

    def advance(self, steps: int = 1) -> None: ...

    def finish(self) -> None: ...


class ProgressLines:
    """Progress for a log: one line when a long stage begins, and one every half minute."""

    def __init__(self) -> None:
        self._name, self._total, self._done = "", 0, 0
        self._began = self._last_line = time.monotonic()

    def tell(self, line: str) -> None:
        print(f"kb: {line}", file=sys.stderr)

    def stage(self, name: str, total: int) -> None:
        self._name, self._total, self._done = name, total, 0
        self._began = self._last_line = time.monotonic()
        if total > 1:
            self.tell(f"{name}: {total:,}")

    def advance(self, steps: int = 1) -> None:
        self._done += steps
        now = time.monotonic()
        if now - self._last_line >= _SECONDS_BETWEEN_LINES and self._done:
            self._last_line = now
            rate = self._done / (now - self._began)
            left = (self._total - self._done) / rate
            self.tell(f"{self._name}: {self._done:,} of {self._total:,}, {rate:.0f}/s, {left:.0f} s left")

    def finish(self) -> None: ...
