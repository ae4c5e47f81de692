"""How many lessons have changed since the index was built that answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from typing import Protocol

from ingest.files.changes import KnownFile, compare
from ingest.files.corpus import Corpus

_SECONDS_VALID = 2.0
"""A batch of queries does not look at every file for each of them."""


class KnownFiles(Protocol):
    """What a snapshot knows of the corpus."""

    def files(self) -> Mapping[str, KnownFile]: ...

    def found_files(self) -> Set[tuple[str, int, int]]: ...


@dataclass(slots=True)
class ChangesSince:
    """Compares the corpus with what one snapshot knows of it. Takes some 15 ms for 2,000 files, so no answer waits."""

    corpus: Corpus
    known: KnownFiles
    clock: Callable[[], float] = time.monotonic
    _counted: tuple[float, int] | None = field(default=None, init=False)

    def count(self) -> int:
        """Return how many lessons were added, changed or removed, as it was two seconds ago at the most."""
        now = self.clock()
        if self._counted is None or now - self._counted[0] > _SECONDS_VALID:
            self._counted = now, self._count()
        return self._counted[1]

    def _count(self) -> int:
        listing = self.corpus.find()
        if self.known.found_files() == {*listing.files}:  # nearly always: a tenth of the work
            return 0
        return compare(listing, self.known.files(), self.corpus.digest).count
