"""Progress that is passed on, and the seconds that each stage takes."""

from __future__ import annotations

import time

from kb.progress import Progress


class Stopwatch:
    """Receives what a job does, as `Progress`, and keeps the time."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._stage, self._began = "", time.monotonic()
        self.seconds: dict[str, float] = {}
        """By stage, in the order in which they began."""

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
