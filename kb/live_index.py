"""The index that answers: opened, built if there is none, and kept up to date."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from ingest.files.corpus import Corpus
from kb.config import Config
from kb.errors import IndexUnusable, OlderFormat
from kb.index.store import SnapshotStore
from kb.progress import Progress
from kb.retrieval.opening import Opening
from kb.served.caller import caller
from kb.wording import counted
from search.query import Mode

if TYPE_CHECKING:
    from kb.reindex.job import Job
    from kb.reindex.reindex import Orders
    from kb.reindex.reporting.report import Report
    from kb.retrieval.searcher import Searcher
    from kb.upkeep.changes_since import ChangesSince
    from search.indexing import Encoders


class LiveIndex:
    """The index of one knowledge base that answers."""

    def __init__(
        self,
        config: Config,
        store: SnapshotStore,
        opening: Opening,
        encoders: Callable[[], Encoders],
        corpus: Corpus,
        progress: Progress,
    ) -> None:
        self._config = config
        self._store = store
        self._opening = opening
        self._encoders = encoders
        self._corpus = corpus
        self._progress = progress
        self._changes: ChangesSince | None = None

    def ready(self, mode: Mode, on_report: Callable[[Report], object]) -> Searcher:
        """Return a searcher for requests of a mode; if there is no index, it is built first.

        `on_report` is called with the report of the job. Raises `IndexUnusable` and `ModelError`.
        """
        words_only = mode is Mode.LEXICAL
        try:
            if searcher := self.searcher(words_only=words_only):
                return searcher
            self._progress.tell("there is no index yet: building it first")
        except OlderFormat as error:
            if not self._job().is_quick:
                raise
            self._progress.tell(f"{str(error).partition(';')[0]}: building it again first")
        built = self._job().first(with_meaning=mode is Mode.SEMANTIC)
        if built:
            on_report(built)
        if searcher := self.searcher(words_only=words_only):
            return searcher
        raise IndexUnusable(built.refusal if built else "there is no index; run `kb reindex`")

    def refresh(self) -> Report | None:
        """Update the index; None, after telling why, if it fails and an older index can answer."""
        return self._job().refresh()

    def reindex(self, orders: Orders | None = None, *, wait: float = 0.0) -> Report:
        """Update and publish the index, or return in the report why not.

        Raises `Locked` if another process is still writing after `wait` seconds.
        """
        from kb.reindex.reindex import Orders

        return self._job().run(orders or Orders(), wait=wait)

    def amend(self, paths: Iterable[str]) -> str:
        """Index only the lessons at `paths`, if there is an index; return why it failed, empty on success."""
        return self._job().amend(paths)

    def pending(self) -> int:
        """Return the number of lessons that a reindex would read or encode; all if it would start from nothing.

        Raises `ModelError` and `IndexUnusable`, as a reindex would.
        """
        from kb.reindex.plan import Planner

        planner = Planner(self._config, self._store, self._encoders(), self._corpus, self._progress)
        return planner.plan(full=False, words_only=False).lessons_to_encode

    def searcher(self, *, words_only: bool = False) -> Searcher | None:
        """Open the live snapshot for queries, or the newest sound one if it is damaged; None if there is none yet.

        With `words_only`, the model is not loaded until a query needs the index by meaning.
        """
        return self._opening.searcher(words_only=words_only)

    def current_searcher(self, most_changed: int) -> Searcher:
        """Open the index, updated first if lessons have changed; raises `IndexUnusable`.

        It also raises if more than `most_changed` lessons would have to be read or encoded.
        """
        searcher = self.existing_searcher()
        if not self.changes_since(searcher).count():
            return searcher
        searcher.close()
        if (pending := self.pending()) > most_changed:
            raise IndexUnusable(f"it is behind by {counted(pending, 'lesson')}; run `kb reindex`")
        if refusal := self.reindex().refusal:
            raise IndexUnusable(refusal)
        return self.existing_searcher()

    def existing_searcher(self, otherwise: str = "there is no index yet; run `kb reindex`") -> Searcher:
        """Open the index; raises `IndexUnusable` with the text `otherwise` if there is none."""
        if searcher := self.searcher():
            return searcher
        raise IndexUnusable(otherwise)

    def changes_since(self, searcher: Searcher) -> ChangesSince:
        """Return the counter of lessons changed since a searcher's snapshot was built.

        It remembers for a while what it has counted, but not for another process, which would count them now.
        """
        from kb.upkeep.changes_since import ChangesSince

        if caller():
            return ChangesSince(self._corpus, searcher)
        if self._changes is None or self._changes.known is not searcher:
            self._changes = ChangesSince(self._corpus, searcher)
        return self._changes

    def _job(self) -> Job:
        from kb.reindex.job import Job

        return Job(self._config, self._store, self._encoders(), self._progress)
