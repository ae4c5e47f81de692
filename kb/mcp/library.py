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
from search.indexing import SharedEncoders


class Library:
    """A knowledge base that is opened by the first request, so that a client need not wait before it can ask."""

    def __init__(self, root: Path, progress: Progress) -> None:
        encoders = SharedEncoders(encoders_folder(), root, progress.tell)
        opened = partial(KnowledgeBase, root, progress, encoders=encoders)
        self._open = partial(Current, root, opened, progress.tell, builds=False)
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
            self._current = self._current or self._open()
            return self._current
