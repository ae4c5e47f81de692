"""The knowledge base as it is now, open for requests; opened anew whenever what answers depend on has changed."""

from __future__ import annotations

import gc
import math
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, suppress
from itertools import count
from pathlib import Path
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, NamedTuple

from kb.config import FILE_NAME, GAPS_FILE, PEOPLE_FILE
from kb.errors import KbError, message_of
from kb.knowledge_base import KnowledgeBase
from kb.retrieval.request import Request
from kb.reuse.ledger import FOLDER as REUSE
from search.errors import SearchError
from search.query import Mode

if TYPE_CHECKING:
    from kb.reindex.reporting.report import Report

_SECONDS_BETWEEN_LOOKS = 0.25
_LOOKS_BEFORE_ANOTHER_TRY = 20
_LOOKS_BEFORE_ANOTHER_COUNT = 8

Stamp = tuple[object, ...]
Lend = Callable[[], AbstractContextManager[KnowledgeBase]]
"""Lends the knowledge base to a request, during which it stays the same."""


class State(NamedTuple):
    """What is served now."""

    snapshot: str
    """The id of the snapshot; empty before the first is open."""
    trouble: str = ""
    """Why what is live now cannot be opened, so that an earlier snapshot answers; empty if all is well."""


class _Generation:
    """A knowledge base that is open, with the number of its users; the first of them is `Current` itself."""

    def __init__(self, base: KnowledgeBase, snapshot: str, stamp: Stamp) -> None:
        self.base = base
        self.snapshot = snapshot
        self.stamp = stamp
        self.users = 1


class Current:
    """Lends the open knowledge base to each request, and follows what is published."""

    def __init__(
        self,
        root: Path,
        opened: Callable[[], KnowledgeBase],
        tell: Callable[[str], object],
        *,
        builds: bool = True,
    ) -> None:
        """`opened` returns the knowledge base, with an index that is kept open; `tell` is called with what went wrong.

        If there is no index, one is built if `builds`. Raises as `KnowledgeBase.open` if it cannot be opened now.
        """
        self.root = root
        self._opened = opened
        self._tell = tell
        self._lock = Lock()
        self._looking = Lock()
        self._trouble = ""
        self._failed: Stamp = ()
        self._looks_to_wait = 0
        self._generation = self._open(self._stamp(), builds=builds)
        self._has_left = False
        self._ending = Event()
        self._follower = Thread(target=self._follow, name="follows the index", daemon=True)
        self._follower.start()

    @property
    def state(self) -> State:
        return State(self._generation.snapshot, self._trouble)

    @property
    def stamp(self) -> Stamp:
        """Changes whenever answers may change."""
        return self._generation.stamp

    @property
    def is_of_now(self) -> bool:
        """Whether what is open is what is live now, which is so but for the moment until the next look."""
        return self._stamp() == self._generation.stamp

    @contextmanager
    def base(self) -> Iterator[KnowledgeBase]:
        """Lend the knowledge base, which stays the same inside the `with` block, whatever is published."""
        with self._lock:
            generation = self._generation
            generation.users += 1
        try:
            yield generation.base
        finally:
            self._leave(generation)

    def close(self) -> None:
        """Follow no more, and close the index once nobody uses it."""
        self._ending.set()
        self._follower.join()
        self._leave(self._generation)

    def look(self) -> None:
        """If something has changed, open it; if that fails, what is open stays, and the same is tried again later."""
        with self._looking:  # who wrote something looks, too
            self._look()

    def _look(self) -> None:
        stamp = self._stamp()
        if stamp == self._generation.stamp:
            self._trouble = ""
            return
        if stamp == self._failed and self._looks_to_wait:
            self._looks_to_wait -= 1
            return
        try:
            fresh = self._open(stamp)
        except Exception as error:  # whatever it is, the next look may succeed
            self._failed, self._looks_to_wait = stamp, _LOOKS_BEFORE_ANOTHER_TRY
            self._note_trouble(_reason_of(error))
            return
        with self._lock:
            before, self._generation = self._generation, fresh
        self._trouble = ""
        self._leave(before)

    def _note_trouble(self, trouble: str) -> None:
        if trouble != self._trouble:
            self._tell(f"what is live now cannot be opened, so answers are as before: {trouble}")
        self._trouble = trouble

    def _follow(self) -> None:
        for number in count(1):
            if self._ending.wait(_SECONDS_BETWEEN_LOOKS):
                return
            if self._has_left:  # by now no request holds what it has left, but for circles of references
                self._has_left = False
                gc.collect()
            self.look()
            if number % _LOOKS_BEFORE_ANOTHER_COUNT == 0:
                self._count_changes()

    def _count_changes(self) -> None:
        """Count the lessons that have changed since the index was built, here, so that no request has to."""
        with suppress(Exception), self.base() as base, base.open() as index:  # it is tried again
            index.changes.count_again()

    def _open(self, stamp: Stamp, *, builds: bool = False) -> _Generation:
        """Open what is live; if there is no index, one is built if `builds`."""
        base = self._opened()
        with ExitStack() as on_failure:
            on_failure.callback(base.close)
            live = base.index
            with closing(live.ready(Mode.HYBRID, _ignore) if builds else live.existing_searcher()) as searcher:
                searcher.ask(Request("a problem that nobody had"))  # loads what the first query would load
                changes = live.changes_since(searcher)
                changes.seconds_valid = math.inf
                changes.count_again()
                generation = _Generation(base, searcher.state.snapshot, stamp)
            on_failure.pop_all()
        return generation

    def _leave(self, generation: _Generation) -> None:
        with self._lock:
            generation.users -= 1
            if generation.users:
                return
        generation.base.close()
        self._has_left = True

    def _stamp(self) -> Stamp:
        """Return what changes with the live snapshot, the settings, the people and the uses."""
        index = self.root / ".kb"
        files = [self.root / name for name in (FILE_NAME, PEOPLE_FILE, GAPS_FILE)]
        files += [index / "CURRENT", index / "authors.json"]
        reuse = self.root / REUSE
        with suppress(OSError):
            files += sorted(path for path in reuse.iterdir() if path.suffix == ".jsonl")
        return tuple(map(_stamp_of, files))


def _ignore(report: Report) -> None: ...


def _reason_of(error: Exception) -> str:
    if isinstance(error, (KbError, SearchError)):
        return message_of(error)
    return f"{type(error).__name__}: {error}"


def _stamp_of(path: Path) -> object:
    try:
        found = os.lstat(path)
    except OSError as error:
        return error.errno
    return path.name, found.st_mtime_ns, found.st_size, found.st_ino
