"""Asks the gaps that `kb gaps` has found again, after a new index is published: a new lesson may answer them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from kb.config import Config
from kb.demand.demand import Demand
from kb.errors import IndexUnusable, KbError
from kb.index.store import SnapshotStore
from kb.retrieval.opening import Opening
from search.errors import SearchError

if TYPE_CHECKING:
    from kb.demand.saved import ClosedGap
    from kb.retrieval.searcher import Searcher
    from search.indexing import Encoders


def closed_gaps(
    config: Config, store: SnapshotStore, encoders: Encoders, tell: Callable[[str], None]
) -> tuple[ClosedGap, ...]:
    """Return the gaps that are closed now; nothing that fails here spoils a run."""

    def searcher() -> Searcher:
        if opened := Opening(config, store, lambda: encoders, tell).searcher():
            return opened
        raise IndexUnusable("there is no index; run `kb reindex`")

    try:
        return Demand(config, searcher).close_gaps()
    except (KbError, SearchError, OSError):
        return ()
