"""What a run of the job that brings the index up to date did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from ingest.problem import Problem
from kb.job.known_items import Regression


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
    snapshot: str | None
    """The live one after the run; None when there is none yet."""
    published: bool
    """False when nothing had changed, or when what was built was refused."""
    problems: tuple[Problem, ...] = ()
    refusal: str = ""
    """Why the index was left as it was."""
    asked: int = 0
    """Sentences of `answers` that the new index was asked before it was published."""
    regressions: tuple[Regression, ...] = ()
    model: str | None = None
    commit: str | None = None
    """Of the corpus, when it is in git."""
    stages: Mapping[str, float] = field(default_factory=dict)
    """Seconds by stage, in their order."""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)
