"""Finds the lessons whose impact `kb impact` reports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ingest.format import NOT_CURRENT
from kb.gains.report import By, ImpactReport
from kb.gains.wording import counted_entries
from kb.retrieval.listing import ListRequest, meeting

if TYPE_CHECKING:
    from kb.catalogue.catalogue import Catalogue
    from kb.impact.lesson_impact import LessonHead, LessonImpact


@dataclass(frozen=True, slots=True)
class ImpactRequest:
    """Which lessons are reported, and how they are grouped."""

    lessons: ListRequest = field(default_factory=ListRequest)
    """Its order and limit do not count."""
    by: By = By.AREA


def impact_of(catalogue: Catalogue, request: ImpactRequest) -> ImpactReport:
    """Return the impact of the lessons that meet the conditions; raises `QueryError`."""
    impacts = [*catalogue.impacts()]
    if not request.lessons.is_restricted:
        return report_of(request.by, impacts)
    found = meeting(catalogue, request.lessons)
    impacts = [(head, impact) for head, impact in impacts if head.path in found.paths]
    return report_of(request.by, impacts, found.notes, names_status="status" in found.fields)


def report_of(
    by: By,
    impacts: Sequence[tuple[LessonHead, LessonImpact]],
    notes: tuple[str, ...] = (),
    *,
    names_status: bool = False,
) -> ImpactReport:
    """Return the report on lessons; superseded and retired ones are left out unless a condition names the status."""
    kept = [(head, impact) for head, impact in impacts if names_status or impact.status not in NOT_CURRENT]
    left_out = Counter(impact.status for _, impact in impacts) if not names_status else Counter()
    said = [f"{left_out[status]:,} {status}" for status in NOT_CURRENT if left_out[status]]
    if said:
        notes = (*notes, f"left out: {', '.join(said)}; to see them add status:{NOT_CURRENT[0]}|{NOT_CURRENT[1]}")
    drafts = sum(len(impact.effects) for _, impact in kept if impact.status == "draft")
    if drafts:
        notes = (*notes, f"{counted_entries(drafts)} from drafts, which nobody has validated")
    return ImpactReport(by, tuple(kept), notes)
