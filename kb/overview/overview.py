"""All lessons at once: their topics, what they brought, which are alike, which grew old."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from time import time
from typing import TYPE_CHECKING, NamedTuple

from kb.demand.demand import Demand
from kb.index.store import SnapshotStore
from kb.progress import Progress, Silent
from kb.retrieval.opening import Opening

if TYPE_CHECKING:
    from kb.ageing.addresses import Addresses, NamedAddress
    from kb.ageing.stale import Stale
    from kb.alike.near_duplicates import NearDuplicates
    from kb.gains.gains import ImpactRequest
    from kb.gains.report import ImpactReport
    from kb.lessons.handles import Name
    from kb.retrieval.listing import ListRequest
    from kb.topics.facts import MapRequest
    from kb.topics.report import TopicMap


class Overview(NamedTuple):
    """Looks at all lessons of a library at once; its methods raise `IndexUnusable` if there is no index."""

    root: Path
    opening: Opening
    store: SnapshotStore
    demand: Demand
    progress: Progress = Silent()

    def names(self) -> list[Name]:
        """Return the names of all lessons, by path."""
        return self.opening.names()

    def map(self, request: MapRequest, today: date, *, for_others: bool = False) -> TopicMap:
        """Return the topics of the library, kept from the last map as far as possible; raises `QueryError`.

        `for_others`: what this user asked is left out.
        """
        from kb.topics.topics import map_of

        if not request.asked and not for_others:
            request = replace(request, asked=self.demand.asked_for())
        with self.opening.contents() as contents:
            return map_of(contents, self.opening.directory(), self.store.map, request, today)

    def impact(self, request: ImpactRequest) -> ImpactReport:
        """Return what the interventions of the lessons that match a request brought; raises `QueryError`."""
        from kb.gains.gains import impact_of

        with closing(self.opening.catalogue()) as catalogue:
            return impact_of(catalogue, request)

    def stale(self, request: ListRequest, today: date, *, urls: bool = False) -> Stale:
        """Return which of the lessons that match a request somebody must look at again; raises `QueryError`.

        With `urls` the addresses on the web that they name are asked; without, nothing goes on the network.
        """
        from kb.ageing.library import stale_in

        with closing(self.opening.catalogue()) as catalogue:
            ask = self._ask if urls else None
            return stale_in(catalogue, request, self.opening, self.root, self.demand.missed(), today, ask)

    def _ask(self, named: Iterable[NamedAddress]) -> Addresses:
        from kb.ageing.asking_addresses import ask_all
        from kb.system.web.asking import Manner

        return ask_all(named, Manner(), int(time()), self.progress)

    def near_duplicates(self, least: float) -> NearDuplicates:
        """Return the lessons that are at least so close that they may have to be merged.

        Raises `IndexUnusable` also if the index has no vectors.
        """
        from kb.alike.near_duplicates import near_duplicates

        with self.opening.contents() as contents:
            return near_duplicates(contents, least)
