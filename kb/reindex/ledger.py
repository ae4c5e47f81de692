"""The ledger: one line when a run begins and one when it ends, so that also what was killed is on record."""

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
from typing import Any

from ingest.files.reason import reason_of
from ingest.files.regular_file import open_regular, read_regular
from kb.errors import IndexUnusable
from kb.index.writer import Writer
from kb.reindex.report import Report
from kb.system.durable import replace_text, share

_KEPT = 1_000
"""Runs: some years of nights."""
_LINES_TOLERATED = 4 * _KEPT
"""Two a run, and twice as many runs: a file of some megabytes is written anew seldom."""
_MOST_BYTES = 64_000_000
_LISTED = 50
"""Of a run's problems, and of its regressions: what is wrong with thousands of files is not repeated each night."""
_LONGEST = 500
"""Characters of a text that came out of a lesson, or of an error."""
_KILLED = "did not finish: killed or crashed"


class Outcome(StrEnum):
    """How a run ended."""

    PUBLISHED = "published"
    UNCHANGED = "unchanged"
    """Nothing had changed: the live index is as good as new."""
    REFUSED = "refused"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    ROLLED_BACK = "rolled back"
    AMENDED = "amended"
    """Some lessons alone were taken in, whatever else had changed."""
    RUNNING = "running"
    """It has begun; that is all that the ledger knows of what was killed, too."""
    KILLED = "killed"
    """It began, has not ended, and its process is gone. Concluded on reading, never written."""
    NOT_RUN = "not run"
    """Another process was writing. Never written: there was no run."""
    UNKNOWN = "unknown"
    """What a newer program may say."""

    @classmethod
    def _missing_(cls, value: object) -> Outcome:
        return cls.UNKNOWN

    @property
    def is_good(self) -> bool:
        """Whether the index was up to date after the run."""
        return self in (Outcome.PUBLISHED, Outcome.UNCHANGED)

    @property
    def is_of_the_job(self) -> bool:
        """Whether the run was to bring the whole index up to date."""
        return self not in (Outcome.ROLLED_BACK, Outcome.AMENDED)


@dataclass(frozen=True, slots=True)
class JobRun:
    """One run of a job that writes."""

    id: str
    began: str
    """UTC, ISO 8601, as `ended`."""
    writer: Writer
    outcome: Outcome = Outcome.RUNNING
    ended: str | None = None
    reason: str = ""
    """Why it did not do what it was to do."""
    report: Report | None = None
    """None when it did not get so far."""

    @property
    def seconds(self) -> float | None:
        """How long it took; None when it has not ended."""
        if self.ended is None:
            return None
        return (datetime.fromisoformat(self.ended) - datetime.fromisoformat(self.began)).total_seconds()

    @property
    def details(self) -> str:
        """What it did, why it did not do more, and who it was if that was not this user on this machine."""
        did = self.report.summary if self.report else ""
        return "; ".join(filter(None, (self.reason or did, self.writer.elsewhere)))


class Ledger:
    """The runs, in the order in which they began, in a file of JSON lines to which lines are added."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def begin(self, writer: Writer) -> JobRun:
        """Note that a run begins, which must hold the lock; what is noted is on the disk."""
        self._trim()
        now = datetime.now(UTC)
        run = JobRun(f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}", now.isoformat(timespec="milliseconds"), writer)
        self._add(run)
        return run

    def note(self, run: JobRun, report: Report) -> JobRun:
        """Note what a run has published so far; should it be killed, that is on record."""
        going_on = replace(run, report=report)
        self._add(going_on)
        return going_on

    def end(self, run: JobRun, outcome: Outcome, reason: str = "", report: Report | None = None) -> JobRun:
        """Note how a run ended, and the most important of its report; without one, of what was noted before."""
        ended = datetime.now(UTC).isoformat(timespec="milliseconds")
        done = replace(run, outcome=outcome, ended=ended, reason=reason, report=report or run.report)
        self._add(done)
        return done

    def runs(self) -> list[JobRun]:
        """Return the runs, the last one last; of those that have not ended, whether they were killed.

        What a power cut has left half written is passed over. Raises `IndexUnusable` when nothing can be read.
        """
        noted = self._noted()
        # Whoever began after it had the lock, so only the last can be running.
        running = [run for run in noted[-1:] if run.outcome is Outcome.RUNNING and run.writer.is_running]
        return [_killed(run) if run.outcome is Outcome.RUNNING and run not in running else run for run in noted]

    def _noted(self) -> list[JobRun]:
        """Return each run as its last line has it."""
        return list({run.id: run for run in _read(self._content())}.values())

    def _content(self) -> bytes:
        try:
            return read_regular(self.path, _MOST_BYTES, links=False)
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise IndexUnusable(f"{self.path}: {reason_of(error)}; make it readable, or delete it") from error

    def _trim(self) -> None:
        """Forget the oldest runs, once there are many too many."""
        if self._content().count(b"\n{") <= _LINES_TOLERATED:
            return
        with suppress(OSError):  # another night will do
            replace_text(self.path, "".join(map(_line, self._noted()[-_KEPT:])))

    def _add(self, run: JobRun) -> None:
        with os.fdopen(open_regular(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT), "ab") as file:
            file.write(_line(run).encode())
            file.flush()
            os.fsync(file.fileno())
        with suppress(PermissionError):  # another user's, who has shared it already
            share(self.path, self.path.parent)


def _killed(run: JobRun) -> JobRun:
    return replace(run, outcome=Outcome.KILLED, reason=_KILLED)


def _line(run: JobRun) -> str:
    # It begins with a line end too, for the case that the line before was cut off.
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
    """Check an instant; raises `ValueError` when it is none, or one of no known zone."""
    if datetime.fromisoformat(value).tzinfo is None:
        raise ValueError(value)
    return value
