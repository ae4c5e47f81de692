"""How many lessons have changed since the index was built that answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ingest.changes import KnownFile, compare
from ingest.corpus import Corpus, digest_of

_SECONDS_VALID = 2.0
"""A batch of queries does not look at every file for each of them."""


@dataclass(slots=True)
class ChangesSince:
    """Compares the corpus with what one snapshot knows of it. Takes some 10 ms for 2,000 files, so no answer waits."""

    corpus: Corpus
    known: Callable[[], Mapping[str, KnownFile]]
    clock: Callable[[], float] = time.monotonic
    _counted: tuple[float, int] | None = field(default=None, init=False)

    def count(self) -> int:
        """Return how many lessons were added, changed or removed, as it was two seconds ago at the most."""
        now = self.clock()
        if self._counted is None or now - self._counted[0] > _SECONDS_VALID:
            changes = compare(self.corpus.find(), self.known(), lambda path: digest_of(self.corpus.read(path)))
            self._counted = now, changes.count
        return self._counted[1]
