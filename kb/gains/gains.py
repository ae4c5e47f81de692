"""Finds the lessons whose impact `kb impact` reports."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kb.gains.report import By, ImpactReport
from kb.retrieval.listing import ListRequest, meeting

if TYPE_CHECKING:
    from kb.catalogue.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class ImpactRequest:
    """Which lessons are reported, and how they are grouped."""

    lessons: ListRequest = field(default_factory=ListRequest)
    """Its order and limit do not count."""
    by: By = By.AREA


def impact_of(catalogue: Catalogue, request: ImpactRequest) -> ImpactReport:
    """Return the impact of the lessons that meet the conditions; raises `QueryError`."""
    paths: Set[str] | None = None
    notes: tuple[str, ...] = ()
    if request.lessons.is_restricted:
        paths, notes = meeting(catalogue, request.lessons)
    impacts = ((head, impact) for head, impact in catalogue.impacts() if paths is None or head.path in paths)
    return ImpactReport(request.by, tuple(impacts), notes)
