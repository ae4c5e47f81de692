"""Looks through a whole library for what grew old."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from kb.ageing.dead_files import Files
from kb.ageing.reasons import Known
from kb.ageing.stale import Stale, periods_of, stale_of, successors_in
from kb.catalogue.catalogue import Catalogue
from kb.demand.noting.history import Missed
from kb.retrieval.listing import ListRequest, meeting
from kb.retrieval.opening import Opening
from kb.reuse.use import REUSED, uses_by_lesson
from kb.system.git import repository_of


def stale_in(
    catalogue: Catalogue, request: ListRequest, opening: Opening, root: Path, missed: Iterable[Missed], today: date
) -> Stale:
    """Return which of the lessons that match a request somebody must look at again; raises `QueryError`."""
    lessons, directory = catalogue.lessons(), opening.directory()
    repository = repository_of(root)
    known = Known(
        today,
        directory,
        Files(root, repository.top if repository else None),
        uses_by_lesson(catalogue.lessons_having(REUSED), opening.recorded().uses, directory),
        successors_in(lessons),
        periods_of(catalogue),
        opening.authors(),
        {one.lesson: one for one in missed},
    )
    if request.is_restricted:
        paths = meeting(catalogue, request).paths
        lessons = [lesson for lesson in lessons if lesson.path in paths]
    return stale_of(catalogue, lessons, known)
