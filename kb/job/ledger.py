"""The ledger: one line when a run begins and one when it ends, so that also what was killed is on record."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from kb.index.durable import share
from kb.index.writer import Writer


class Outcome(StrEnum):
    """How a run ended."""

    PUBLISHED = "published"
    UNCHANGED = "unchanged"
    """Nothing had changed: the live index is as good as new."""
    REFUSED = "refused"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    ROLLED_BACK = "rolled back"
    UNFINISHED = "unfinished"
    """It has not ended: it is running, or was killed."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a job that writes."""

    id: str
    began: str
    """UTC, ISO 8601, as `ended`."""
    writer: Writer
    outcome: Outcome = Outcome.UNFINISHED
    ended: str | None = None
    reason: str = ""
    """Why it did not do what it was to do."""
    report: dict[str, Any] | None = None
    """What `Report.as_json` gives; None when it did not get so far."""


class Ledger:
    """The runs, in the order in which they began, in a file of JSON lines to which lines are only added."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def begin(self, writer: Writer) -> Run:
        """Note that a run begins; what is noted is on the disk."""
        now = datetime.now(UTC)
        run = Run(f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}", now.isoformat(timespec="milliseconds"), writer)
        self._add(run)
        return run

    def end(self, run: Run, outcome: Outcome, reason: str = "", report: dict[str, Any] | None = None) -> Run:
        """Note how a run ended."""
        ended = datetime.now(UTC).isoformat(timespec="milliseconds")
        done = replace(run, outcome=outcome, ended=ended, reason=reason, report=report)
        self._add(done)
        return done

    def runs(self) -> list[Run]:
        """Return all runs, the last one last. What a power cut has left half written is passed over."""
        runs: dict[str, Run] = {}
        for run in self._lines():
            runs[run.id] = run
        return list(runs.values())

    def _lines(self) -> Iterator[Run]:
        try:
            lines = self._path.read_text("utf-8", "replace").splitlines()
        except FileNotFoundError:
            return
        for line in lines:
            with suppress(ValueError, TypeError, KeyError):
                data = json.loads(line)
                yield Run(**{**data, "writer": Writer(**data["writer"]), "outcome": Outcome(data["outcome"])})

    def _add(self, run: Run) -> None:
        # It begins with a line end too, for the case that the line before was cut off.
        line = "\n" + json.dumps(asdict(run), ensure_ascii=False) + "\n"
        descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
        try:
            os.write(descriptor, line.encode("utf-8", "replace"))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        with suppress(PermissionError):  # another user's, who has shared it already
            share(self._path, self._path.parent)
