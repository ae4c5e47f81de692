"""The ledger: one line when a run begins and one when it ends, so that killed runs are recorded too."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.files.reason import reason_of
from ingest.files.regular_file import open_regular, read_regular
from kb.errors import IndexUnusable
from kb.index.writer import Writer
from kb.reindex.reporting.report import Report
from kb.system.durable import replace_text, share

if TYPE_CHECKING:
    from kb.forms.keep import run as forms

_KEPT = 1_000
"""Number of runs kept: some years of nightly runs."""
_LINES_TOLERATED = 4 * _KEPT
"""Two lines per run, for twice the number of runs kept, so that the file is rarely rewritten."""
_MOST_BYTES = 64_000_000
_LISTED = 50
"""Most problems, and most regressions, recorded of a run, so that the file does not grow by thousands each night."""
_LONGEST = 500
"""Most characters of a recorded text, which may come from a lesson or an error."""
_KILLED = "did not finish: killed or crashed"


class Outcome(StrEnum):
    """How a run ended."""

    PUBLISHED = "published"
    UNCHANGED = "unchanged"
    """Nothing had changed: the live index is up to date."""
    REFUSED = "refused"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    ROLLED_BACK = "rolled back"
    AMENDED = "amended"
    """Only some lessons were indexed; others may have changed too."""
    RUNNING = "running"
    """It has begun; the ledger also has this of a killed run."""
    KILLED = "killed"
    """It has begun and not ended, and its process is gone. Derived on reading, never written."""
    NOT_RUN = "not run"
    """Another process was writing, so there was no run. Never written."""
    UNKNOWN = "unknown"
    """An outcome written by a newer program."""

    @classmethod
    def _missing_(cls, value: object) -> Outcome:
        return cls.UNKNOWN

    @property
    def is_good(self) -> bool:
        """Whether the index was up to date after the run."""
        return self in (Outcome.PUBLISHED, Outcome.UNCHANGED)

    @property
    def is_of_the_job(self) -> bool:
        """Whether the purpose of the run was to update the whole index."""
        return self not in (Outcome.ROLLED_BACK, Outcome.AMENDED)


@dataclass(frozen=True, slots=True)
class JobRun:
    """One run of a job that writes the index."""

    id: str
    began: str
    """In UTC (ISO 8601), like `ended`."""
    writer: Writer
    outcome: Outcome = Outcome.RUNNING
    ended: str | None = None
    reason: str = ""
    """Why it did not succeed; empty otherwise."""
    report: Report | None = None
    """None if it ended before there was one."""

    @property
    def seconds(self) -> float | None:
        """Duration in seconds; None if it has not ended."""
        if self.ended is None:
            return None
        return (datetime.fromisoformat(self.ended) - datetime.fromisoformat(self.began)).total_seconds()

    @property
    def details(self) -> str:
        """What it did or why it did not succeed, and its user and host if different from this user and machine."""
        did = self.report.summary if self.report else ""
        return "; ".join(filter(None, (self.reason or did, self.writer.elsewhere)))

    def as_json(self) -> forms.JobRun:
        return {
            "id": self.id,
            "began": self.began,
            "writer": self.writer.as_json(),
            "outcome": self.outcome.value,
            "ended": self.ended,
            "reason": self.reason,
            "report": self.report.as_json() if self.report else None,
        }


class Ledger:
    """A file of JSON lines, only appended to, with the runs in the order in which they began."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def begin(self, writer: Writer) -> JobRun:
        """Record that a run begins, and flush to disk; the caller must hold the writer lock."""
        self._trim()
        now = datetime.now(UTC)
        run = JobRun(f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}", now.isoformat(timespec="milliseconds"), writer)
        self._add(run)
        return run

    def note(self, run: JobRun, report: Report) -> JobRun:
        """Record what a run has published so far, in case it is killed."""
        going_on = replace(run, report=report)
        self._add(going_on)
        return going_on

    def end(self, run: JobRun, outcome: Outcome, reason: str = "", report: Report | None = None) -> JobRun:
        """Record how a run ended, with its report abridged; without one, the report recorded before."""
        ended = datetime.now(UTC).isoformat(timespec="milliseconds")
        done = replace(run, outcome=outcome, ended=ended, reason=reason, report=report or run.report)
        self._add(done)
        return done

    def runs(self) -> list[JobRun]:
        """Return the runs, oldest first; a run that has not ended is `RUNNING` or `KILLED`.

        Lines left incomplete by a power cut are skipped. Raises `IndexUnusable` if the file cannot be read.
        """
        noted = self._noted()
        # Each later run held the lock, so only the last one can still be running.
        running = [run for run in noted[-1:] if run.outcome is Outcome.RUNNING and run.writer.is_running]
        return [_killed(run) if run.outcome is Outcome.RUNNING and run not in running else run for run in noted]

    def _noted(self) -> list[JobRun]:
        """Return each run in its last recorded state."""
        return list({run.id: run for run in _read(self._content())}.values())

    def _content(self) -> bytes:
        try:
            return read_regular(self.path, _MOST_BYTES, links=False)
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise IndexUnusable(f"{self.path}: {reason_of(error)}; make it readable, or delete it") from error

    def _trim(self) -> None:
        """Remove the oldest runs if there are more than `_LINES_TOLERATED` lines."""
        if self._content().count(b"\n{") <= _LINES_TOLERATED:
            return
        with suppress(OSError):  # the next run tries again
            replace_text(self.path, "".join(map(_line, self._noted()[-_KEPT:])))

    def _add(self, run: JobRun) -> None:
        with os.fdopen(open_regular(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT), "ab") as file:
            file.write(_line(run).encode())
            file.flush()
            os.fsync(file.fileno())
        with suppress(PermissionError):  # the file of another user, who has shared it already
            share(self.path, self.path.parent)


def _killed(run: JobRun) -> JobRun:
    return replace(run, outcome=Outcome.KILLED, reason=_KILLED)


def _line(run: JobRun) -> str:
    # Begins with a line end too, in case the previous line is incomplete.
    return "\n" + json.dumps(_abridged(asdict(run))) + "\n"


def _abridged(value: Any) -> Any:
    if isinstance(value, str):
        return value if len(value) <= _LONGEST else value[: _LONGEST - 1] + "…"
    if isinstance(value, dict):
        return {key: _abridged(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_abridged(part) for part in value[:_LISTED]]
    return value


def _read(content: bytes) -> Iterator[JobRun]:
    for line in content.split(b"\n"):
        if line.startswith(b"{"):
            with suppress(ValueError, TypeError, KeyError, AttributeError, RecursionError):
                yield _run_of(json.loads(line))


def _run_of(data: dict[str, Any]) -> JobRun:
    ended, report = data.get("ended"), data.get("report")
    run = JobRun(
        id=str(data["id"]),
        began=_instant(data["began"]),
        writer=Writer(**{each.name: data["writer"][each.name] for each in fields(Writer)}),
        outcome=Outcome(data["outcome"]),
        ended=None if ended is None else _instant(ended),
        reason=str(data.get("reason", "")),
        report=None if report is None else Report.from_json(report),
    )
    if not (isinstance(run.writer.pid, int) and run.writer.pid > 0 and isinstance(run.writer.started, (int, float))):
        raise ValueError(run.writer)
    return run


def _instant(value: str) -> str:
    """Return the text of an instant; raises `ValueError` if it is not one, or has no time zone."""
    if datetime.fromisoformat(value).tzinfo is None:
        raise ValueError(value)
    return value
