"""The library that an agent asks: opened when it is first needed, and kept open."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from threading import Lock

from kb.errors import KbError
from kb.knowledge_base import KnowledgeBase
from kb.progress import Progress
from kb.serve.current import Current
from kb.system.user_cache import encoders_folder
from search.errors import SearchError


class Library:
    """A knowledge base that is opened by the first request, so that a client need not wait before it can ask."""

    def __init__(self, root: Path, progress: Progress) -> None:
        self._root = root
        self._progress = progress
        self._opening = Lock()
        self._current: Current | None = None

    @contextmanager
    def lent(self) -> Iterator[KnowledgeBase]:
        """Lend the knowledge base; raises as `KnowledgeBase.open`, and tries again at the next call."""
        with self._now().base() as base:
            yield base

    def warm_up(self) -> None:
        """Open it now; why it cannot be opened is for the first request to say."""
        with suppress(KbError, SearchError):
            self._now()

    def close(self) -> None:
        with self._opening:
            if self._current:
                self._current.close()

    def _now(self) -> Current:
        with self._opening:
            self._current = self._current or self._opened()
            return self._current

    def _opened(self) -> Current:
        from search.indexing import SharedEncoders  # takes a tenth of a second that the first answer does not have

        encoders = SharedEncoders(encoders_folder(), self._root, self._progress.tell)
        opened = partial(KnowledgeBase, self._root, self._progress, encoders=encoders)
        return Current(self._root, opened, self._progress.tell, builds=False)
