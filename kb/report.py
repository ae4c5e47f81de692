"""What a run of the job that brings the index up to date did."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from ingest.problem import Problem


@dataclass(frozen=True, slots=True)
class Report:
    """What a run of the job did. Every file is in exactly one of the first five counts."""

    added: int
    changed: int
    removed: int
    unchanged: int
    failed: int
    """Files and folders that could not be read, or not wholly; each has its entries in `problems`."""
    lessons: int
    passages: int
    encoded: int
    """Passages that went through the model."""
    seconds: float
    snapshot: str
    published: bool
    """False when nothing had changed."""
    problems: tuple[Problem, ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        return asdict(self)
