"""Opens the index once for a process that answers many requests."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any

from kb.retrieval.opening import Opening

if TYPE_CHECKING:
    from kb.retrieval.searcher import Searcher


class KeptOpening(Opening):
    """An `Opening` that keeps the first searcher open, and lends it to every request."""

    def __init__(self, *opening: Any) -> None:
        super().__init__(*opening)
        self._kept: Searcher | None = None
        self._opening = Lock()

    def searcher(self, *, words_only: bool = False) -> Searcher | None:
        """Return the searcher that is kept, opened now if there is none; the model is always opened with it."""
        with self._opening:
            if self._kept is None:
                self._kept = super().searcher()
            return self._kept and self._kept.borrow()

    def close(self) -> None:
        """Keep the searcher no longer; requests that have borrowed it are still answered."""
        with self._opening:
            if self._kept:
                self._kept.close()
            self._kept = None
