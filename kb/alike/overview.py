"""The library seen from above: its topics, and lessons that say nearly the same."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from kb.index.store import SnapshotStore
from kb.retrieval.opening import Opening

if TYPE_CHECKING:
    from kb.alike.near_duplicates import NearDuplicates
    from kb.topics.report import TopicMap
    from kb.topics.topics import MapRequest


class Overview(NamedTuple):
    """Looks at all lessons of a library at once; both methods raise `IndexUnusable` if there is no index."""

    opening: Opening
    store: SnapshotStore

    def map(self, request: MapRequest, today: date) -> TopicMap:
        """Return the topics of the library, kept from the last map as far as possible; raises `QueryError`."""
        from kb.topics.topics import map_of

        with self.opening.contents() as contents:
            return map_of(contents, self.opening.directory(), self.store.map, request, today)

    def near_duplicates(self, least: float) -> NearDuplicates:
        """Return the lessons that are at least so close that they may have to be merged.

        Raises `IndexUnusable` also if the index has no vectors.
        """
        from kb.alike.near_duplicates import near_duplicates

        with self.opening.contents() as contents:
            return near_duplicates(contents, least)
