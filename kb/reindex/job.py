"""One run of the job: takes the writer lock, writes the ledger, and cleans up."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.files.reason import reason_of
from kb.config import Config
from kb.errors import CannotWrite, KbError, Locked, OlderFormat, message_of
from kb.index.store import SnapshotStore
from kb.index.writer import Writer, WriterLock, never
from kb.progress import Progress
from kb.reindex.ledger import JobRun, Ledger, Outcome
from kb.reindex.reindex import Orders, Reindex
from kb.reindex.reporting.report import Report
from kb.reindex.stopwatch import Stopwatch
from kb.stopping import Terminated
from search.errors import ModelError, SearchError

if TYPE_CHECKING:
    from search.indexing import Encoders

# Seconds to wait in a first search while another process builds the first index.
_PATIENCE = 600.0
# Number of lessons whose words are indexed in about three seconds; their vectors are in the cache.
SOON_REBUILT = 500
# Seconds to wait before adding a lesson: another process may be adding one.
BRIEFLY = 5.0


@dataclass(frozen=True, slots=True)
class Job:
    """Updates the index of one knowledge base."""

    config: Config
    store: SnapshotStore
    encoders: Encoders
    progress: Progress

    def run(self, orders: Orders, *, wait: float = 0.0, enough: Callable[[], bool] = never) -> Report:
        """Run once, after waiting up to `wait` seconds for another writer, or until `enough` returns True.

        Raises `Locked` if the other writer is still running then.
        """
        self.store.prepare()
        stopwatch = Stopwatch(self.progress)
        with WriterLock(self.store.lock).held(wait, self.progress.tell, enough) as writer, self.store.writing():
            self.store.remove_leftovers()
            record = _Record(self.store.ledger, writer, self.progress)
            try:
                report = Reindex(self.config, self.store, self.encoders, stopwatch).run(orders, record.note)
            except BaseException as error:
                record.end(error)
                raise
            finally:
                stopwatch.finish()
            record.end(report, partial=orders.only is not None)
            if orders.only is None:
                from kb.reindex.authors import refresh_authors

                refresh_authors(self.store.authors, self.config, self.progress.tell)
            with suppress(OSError):  # will be removed next time
                self.store.remove_old()
            if report.published:  # otherwise no text with a vector has been removed
                from kb.reindex.named_vectors import drop_many_orphans

                drop_many_orphans(self.store)
        return self._with_closed_gaps(report) if report.published and orders.only is None else report

    def _with_closed_gaps(self, report: Report) -> Report:
        from kb.reindex.gaps import closed_gaps

        closed = closed_gaps(self.config, self.store, self.encoders, self.progress.tell)
        return replace(report, closed_gaps=closed) if closed else report

    @property
    def is_quick(self) -> bool:
        """Whether an index of an older format can be rebuilt at once: it is small, and this user may write."""
        return self.store.lessons_before() <= SOON_REBUILT and os.access(self.store.folder, os.W_OK)

    def first(self, *, with_meaning: bool = False) -> Report | None:
        """Build the first index, by words only if encoding takes long or no model can be loaded.

        With `with_meaning`, vectors are always included. None if another process has built an index meanwhile.
        """

        def enough() -> bool:
            with suppress(OlderFormat):
                return not with_meaning and self.store.live() is not None
            return False

        try:
            return self.run(Orders(hurried=not with_meaning), wait=_PATIENCE, enough=enough)
        except Locked as error:
            if enough():
                return None
            raise Locked(f"{_without_advice(error)}; search again when it is done") from error

    def refresh(self) -> Report | None:
        """Update the index; None, after telling why, if it fails and an older index can answer."""
        try:
            report = self.run(Orders())
        except (ModelError, Locked, CannotWrite) as error:
            if self.store.live() is None:
                return self.first()
            reason = _without_advice(error) if isinstance(error, Locked) else str(error)
            self.progress.tell(f"{reason}; answered from the index as it is")
            return None
        if report.refusal:
            self.progress.tell(report.refusal)
        return report

    def amend(self, paths: Iterable[str]) -> str:
        """Index only the lessons at `paths`, if there is an index; return why it failed, empty on success."""
        try:
            if self.store.live_id() is None:
                return ""
            return self.run(Orders(only=frozenset(paths)), wait=BRIEFLY).refusal
        except Locked as error:
            return f"{_without_advice(error)}; run `kb reindex` when it is done"
        except (KbError, SearchError) as error:
            return message_of(error)


def _without_advice(error: Locked) -> str:
    """Return the message without its last part, an advice for commands that have `--wait`."""
    return str(error).rpartition(";")[0]


class _Record:
    """Records one run in the ledger; errors while writing it must not hide the result or error of the run."""

    def __init__(self, path: Path, writer: Writer, progress: Progress) -> None:
        self._path = path
        self._progress = progress
        self._ledger = Ledger(path)
        self._run = self._ledger.begin(writer)

    def note(self, report: Report) -> None:
        """Record what was published before the end of the run."""
        with suppress(OSError):
            self._run = self._ledger.note(self._run, report)

    def end(self, result: Report | BaseException, *, partial: bool = False) -> None:
        """Record how the run ended; a `partial` one has indexed some lessons only."""
        try:
            outcome, reason = ending(result)
            outcome = Outcome.AMENDED if partial and outcome.is_good else outcome
            self._ledger.end(self._run, outcome, reason, result if isinstance(result, Report) else None)
        except OSError as error:
            self._progress.tell(f"{self._path}: {reason_of(error)}; how this run ended is not on record")


def ending(result: Report | BaseException) -> tuple[Outcome, str]:
    """Return the outcome of a run with this report or error, and the reason if it did not succeed."""
    if isinstance(result, Report):
        if result.refusal:
            return Outcome.REFUSED, result.refusal
        return Outcome.PUBLISHED if result.published else Outcome.UNCHANGED, ""
    if isinstance(result, KeyboardInterrupt):
        return Outcome.INTERRUPTED, "stopped by SIGTERM" if isinstance(result, Terminated) else "stopped by a person"
    if isinstance(result, Locked):
        return Outcome.NOT_RUN, str(result)
    if isinstance(result, (KbError, SearchError)):
        return Outcome.FAILED, message_of(result)
    return Outcome.FAILED, f"{type(result).__name__}: {result}"


def account(began: datetime, result: Report | BaseException) -> JobRun:
    """Return a call of the job in this process as a `JobRun`, even if it is not in the ledger."""
    outcome, reason = ending(result)
    report = result if isinstance(result, Report) else None
    ended = datetime.now(UTC).isoformat()
    return JobRun("", began.isoformat(), Writer.this_process(), outcome, ended, reason, report)
