"""Opens the index for a user who waits, and builds it first if there is none."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from kb.errors import IndexUnusable, OlderFormat
from kb.index.store import SnapshotStore
from kb.retrieval.opening import Opening
from search.query import Mode

if TYPE_CHECKING:
    from kb.reindex.job import Job
    from kb.reindex.reporting.report import Report
    from kb.retrieval.searcher import Searcher

SOON_REBUILT = 500
"""Number of lessons whose words are indexed in about three seconds; their vectors are in the cache."""


class FirstIndex(NamedTuple):
    """The index of one knowledge base, which may have to be built first."""

    store: SnapshotStore
    opening: Opening
    job: Callable[[], Job]
    tell: Callable[[str], None]

    def ready(self, mode: Mode, on_report: Callable[[Report], object]) -> Searcher:
        """Return a searcher; `on_report` is called with the report if the index is built. Raises `IndexUnusable`."""
        words_only = mode is Mode.LEXICAL
        try:
            if searcher := self.opening.searcher(words_only=words_only):
                return searcher
            self.tell("there is no index yet: building it first")
        except OlderFormat as error:
            if not self._is_quickly_rebuilt():
                raise
            self.tell(f"{str(error).partition(';')[0]}: building it again first")
        built = self.job().first(with_meaning=mode is Mode.SEMANTIC)
        if built:
            on_report(built)
        if searcher := self.opening.searcher(words_only=words_only):
            return searcher
        raise IndexUnusable(built.refusal if built else "there is no index; run `kb reindex`")

    def _is_quickly_rebuilt(self) -> bool:
        """Return whether an index of an older format can be rebuilt at once: it is small, and this user may write."""
        return self.store.lessons_before() <= SOON_REBUILT and os.access(self.store.folder, os.W_OK)
