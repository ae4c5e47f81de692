"""One run of the job: alone, written down, and tidy."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
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
from kb.reindex.report import Report
from kb.reindex.stopwatch import Stopwatch
from kb.stopping import Terminated
from search.errors import ModelError, SearchError

if TYPE_CHECKING:
    from search.models.encoders import Encoders

# A person who searches for the first time, while somebody else's first index is being built, waits for that.
_PATIENCE = 600.0
# Another lesson is being taken in, perhaps.
BRIEFLY = 5.0


@dataclass(frozen=True, slots=True)
class Job:
    """Brings the index of one knowledge base up to date."""

    config: Config
    store: SnapshotStore
    encoders: Encoders
    progress: Progress

    def run(self, orders: Orders, *, wait: float = 0.0, enough: Callable[[], bool] = never) -> Report:
        """Run once, waiting so many seconds for another writer, unless what it has done is enough.

        Raises `Locked` when there still is one, or it was enough.
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
            with suppress(OSError):  # what cannot be tidied up now is next time
                self.store.remove_old()
            if report.published:  # else no text is gone that had a vector
                from kb.reindex.named_vectors import drop_many_orphans

                drop_many_orphans(self.store)
        return report

    def first(self, *, with_meaning: bool = False) -> Report | None:
        """Build the first index, by words only where encoding takes long or no model can be loaded.

        None when another process has built one meanwhile. Who asks for one `with_meaning` waits for it.
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
        """Bring the index up to date; where that fails and an index is there, say so and return None."""
        try:
            report = self.run(Orders())
        except (ModelError, Locked, CannotWrite) as error:
            if self.store.live() is None:
                return self.first()
            said = _without_advice(error) if isinstance(error, Locked) else str(error)
            self.progress.tell(f"{said}; answered from the index as it is")
            return None
        if report.refusal:
            self.progress.tell(report.refusal)
        return report

    def amend(self, paths: Iterable[str]) -> str:
        """Take some lessons into the index, if there is one, whatever else has changed; returns why it was not done."""
        try:
            if self.store.live_id() is None:
                return ""
            return self.run(Orders(only=frozenset(paths)), wait=BRIEFLY).refusal
        except Locked as error:
            return f"{_without_advice(error)}; run `kb reindex` when it is done"
        except (KbError, SearchError) as error:
            return message_of(error)


def _without_advice(error: Locked) -> str:
    """Return what is so, for commands that cannot be told to wait."""
    return str(error).rpartition(";")[0]


class _Record:
    """What the ledger knows of one run; a full disk must not hide how it ended, nor what went wrong."""

    def __init__(self, path: Path, writer: Writer, progress: Progress) -> None:
        self._path = path
        self._progress = progress
        self._ledger = Ledger(path)
        self._run = self._ledger.begin(writer)

    def note(self, report: Report) -> None:
        """Note what was published before the run has ended."""
        with suppress(OSError):
            self._run = self._ledger.note(self._run, report)

    def end(self, result: Report | BaseException, *, partial: bool = False) -> None:
        """Note how the run ended; a `partial` one has looked at some lessons only."""
        try:
            outcome, reason = ending(result)
            outcome = Outcome.AMENDED if partial and outcome.is_good else outcome
            self._ledger.end(self._run, outcome, reason, result if isinstance(result, Report) else None)
        except OSError as error:
            self._progress.tell(f"{self._path}: {reason_of(error)}; how this run ended is not on record")


def ending(result: Report | BaseException) -> tuple[Outcome, str]:
    """Return how a run ended that gave this report or raised this error, and why it did not do more."""
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
    """Return what there is to say of a call of the job in this process, also when it was no run for the ledger."""
    outcome, reason = ending(result)
    report = result if isinstance(result, Report) else None
    ended = datetime.now(UTC).isoformat()
    return JobRun("", began.isoformat(), Writer.this_process(), outcome, ended, reason, report)
