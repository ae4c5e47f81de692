"""Looks through a whole library for what grew old."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from ingest.lesson import Lesson
from kb.ageing.addresses import NO_ADDRESSES, Addresses, NamedAddress, named_addresses
from kb.ageing.dead_files import Files
from kb.ageing.reasons import Known
from kb.ageing.stale import Stale, periods_of, stale_of, successors_in
from kb.catalogue.catalogue import Catalogue
from kb.demand.noting.history import Missed
from kb.retrieval.listing import ListRequest, meeting
from kb.retrieval.opening import Opening
from kb.reuse.use import REUSED, uses_by_lesson
from kb.system.git import repository_of

Ask = Callable[[Iterable[NamedAddress]], Addresses]


def stale_in(
    catalogue: Catalogue,
    request: ListRequest,
    opening: Opening,
    root: Path,
    missed: Iterable[Missed],
    today: date,
    ask: Ask | None = None,
) -> Stale:
    """Return which of the lessons that match a request somebody must look at again; raises `QueryError`.

    `ask` asks the addresses on the web; without it nothing goes on the network.
    """
    lessons, directory = catalogue.lessons(), opening.directory()
    repository, successors = repository_of(root), successors_in(lessons)
    if request.is_restricted:
        paths = meeting(catalogue, request).paths
        lessons = [lesson for lesson in lessons if lesson.path in paths]
    addresses = ask(_named(catalogue, lessons)) if ask else None
    known = Known(
        today,
        directory,
        Files(root, repository.top if repository else None),
        uses_by_lesson(catalogue.lessons_having(REUSED), opening.recorded().uses, directory),
        successors,
        periods_of(catalogue),
        opening.authors(),
        {one.lesson: one for one in missed},
        addresses=addresses or NO_ADDRESSES,
    )
    return replace(stale_of(catalogue, lessons, known), addresses=addresses)


def _named(catalogue: Catalogue, lessons: Iterable[Lesson]) -> Iterator[NamedAddress]:
    for lesson in lessons:
        if lesson.is_current:
            yield from named_addresses(lesson, catalogue.passages(lesson.path))
