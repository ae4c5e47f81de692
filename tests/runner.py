"""The job in processes of its own, of which hundreds take no longer than their work; see `tests.mortal`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Ended:
    """A run in a process of its own."""

    status: int
    """Exit code, or the signal that killed it, negative."""
    steps: list[str]
    report: dict[str, Any] | None

    @property
    def encoded(self) -> int:
        """How many passages had been encoded or found among the kept, as far as it got."""
        stage, count = "", 0
        for step in self.steps:
            kind, _, rest = step.partition(" ")
            stage = rest if kind == "stage" else stage
            count += int(rest) if kind == "advance" and stage == "encoding passages" else 0
        return count


class Runner:
    """Runs the job in forks of one process that has imported everything."""

    def __init__(self) -> None:
        environment = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        command = [sys.executable, "-m", "tests.mortal"]
        folder = Path(__file__).parent.parent
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=environment, cwd=folder)

    def run(
        self,
        root: Path,
        *,
        full: bool,
        dies_at: int | None = None,
        killed_after: float | None = None,
        memory: int | None = None,
    ) -> Ended:
        """Run the job, to be killed before a step or after seconds, or with only so many bytes more to be had."""
        assert self._process.stdin
        assert self._process.stdout
        order = {"root": str(root), "full": full, "dies_at": dies_at, "killed_after": killed_after, "memory": memory}
        print(json.dumps(order), file=self._process.stdin, flush=True)
        return Ended(**json.loads(self._process.stdout.readline()))

    def close(self) -> None:
        self._process.communicate()
