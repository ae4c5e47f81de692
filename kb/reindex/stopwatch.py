"""Measures the seconds of each stage while passing progress on."""

from __future__ import annotations

import time

from kb.progress import Progress


class Stopwatch:
    """A `Progress` that passes all calls on and measures the time of each stage."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._stage, self._began = "", time.monotonic()
        self.seconds: dict[str, float] = {}
        """Seconds by stage, in the order in which the stages began."""

    def tell(self, line: str) -> None:
        self._progress.tell(line)

    def stage(self, name: str, total: int) -> None:
        self._note()
        self._stage = name
        self._progress.stage(name, total)

    def advance(self, steps: int = 1) -> None:
        self._progress.advance(steps)

    def finish(self) -> None:
        self._note()
        self._stage = ""
        self._progress.finish()

    def _note(self) -> None:
        now = time.monotonic()
        if self._stage:
            self.seconds[self._stage] = round(self.seconds.get(self._stage, 0.0) + now - self._began, 3)
        self._began = now
