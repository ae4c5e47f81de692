"""What a gap says of the lesson that is to close it."""

from __future__ import annotations

from pathlib import Path

from ingest.front_matter.places import Steps
from kb.codify.draft import Draft
from kb.demand.saved import gap_named

_MOST = 6
"""Questions under `answers`; the most central come first, and more say little else."""


def asked_for(root: Path, gap: str) -> Draft:
    """Return title and `answers` as a gap of the last `kb gaps` proposes them; raises `UnknownGap`."""
    found = gap_named(root, gap)
    questions = found.questions[:_MOST]
    proposed = "proposed, as it was asked and not found"
    comments: dict[Steps, str] = {("answers", number): proposed for number in range(len(questions))}
    values = {"title": found.label, **({"answers": list(questions)} if questions else {})}
    return Draft(values, {("title",): "proposed from a question that was not answered", **comments})
