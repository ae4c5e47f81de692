"""One run of the job: alone, written down, and tidy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb.config import Config
from kb.errors import KbError
from kb.index.store import SnapshotStore
from kb.index.writer import WriterLock
from kb.job.ledger import Ledger, Outcome, Run
from kb.job.reindex import Orders, Reindex
from kb.job.report import Report
from kb.job.stopwatch import Stopwatch
from kb.progress import Progress
from kb.upkeep.named_vectors import drop_many_orphans
from search.errors import SearchError

if TYPE_CHECKING:
    from search.encoders import Encoders


@dataclass(frozen=True, slots=True)
class Job:
    """Brings the index of one knowledge base up to date."""

    config: Config
    store: SnapshotStore
    encoders: Encoders
    progress: Progress

    def run(self, orders: Orders, *, wait: float = 0.0) -> Report:
        """Run once, waiting so many seconds for another writer; raises `Locked` when there still is one."""
        self.store.prepare()
        stopwatch = Stopwatch(self.progress)
        with WriterLock(self.store.lock).held(wait, self.progress.tell) as writer, self.store.writing():
            self.store.remove_leftovers()
            ledger = Ledger(self.store.ledger)
            run = ledger.begin(writer)
            try:
                report = Reindex(self.config, self.store, self.encoders, stopwatch).run(orders)
            except BaseException as error:
                self._note(ledger, run, *_why(error))
                raise
            finally:
                stopwatch.finish()
            self._note(ledger, run, _outcome_of(report), report.refusal, report)
            self.store.remove_old()
            drop_many_orphans(self.store)
        return report

    def _note(self, ledger: Ledger, run: Run, outcome: Outcome, reason: str, report: Report | None = None) -> None:
        """Write down how a run ended; a full disk must not hide that, nor what went wrong."""
        try:
            ledger.end(run, outcome, reason, report)
        except OSError as error:
            self.progress.tell(f"{self.store.ledger}: {error.strerror}; how this run ended is not on record")


def _outcome_of(report: Report) -> Outcome:
    if report.refusal:
        return Outcome.REFUSED
    return Outcome.PUBLISHED if report.published else Outcome.UNCHANGED


def _why(error: BaseException) -> tuple[Outcome, str]:
    if isinstance(error, KeyboardInterrupt):
        return Outcome.INTERRUPTED, "stopped by a person"
    if isinstance(error, (KbError, SearchError)):
        return Outcome.FAILED, str(error)
    return Outcome.FAILED, f"{type(error).__name__}: {error}"
