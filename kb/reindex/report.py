"""What a run of the job that brings the index up to date did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from ingest.problem import Problem
from kb.acceptance.regression import Regression
from kb.wording import counted


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
    lost: int = 0
    """How many of those no longer find their lesson; each is in `regressions`."""
    regressions: tuple[Regression, ...] = ()
    model: str | None = None
    commit: str | None = None
    """Of the corpus, when it is in git."""
    stages: Mapping[str, float] = field(default_factory=dict)
    """Seconds by stage, in their order."""
    words_snapshot: str | None = None
    """The one that was published first where none answered: it knew the words, and no passage was encoded."""
    words_after: float | None = None
    """Seconds until that answered."""

    @property
    def summary(self) -> str:
        """What changed, what did not go well, and how much there is."""
        changes = [(count, name) for name in _CHANGES if (count := getattr(self, name))]
        said = [f"{count:,} {name}" for count, name in changes]
        if self.lost:
            said.append(f"{counted(self.lost, 'answer')} no longer found")
        return ", ".join(said) + "; " * bool(said) + counted(self.lessons, "lesson")

    @property
    def line(self) -> str:
        """What the run did, for whoever started it."""
        always = ("added", "changed", "removed", "unchanged")
        counts = [f"{getattr(self, name):,} {name}" for name in (*always, *(("failed",) if self.failed else ()))]
        encoded = f" ({self.encoded:,} encoded)" if self.encoded else ""
        verdict = "" if self.published else "; not published" if self.refusal else "; the index was up to date"
        sizes = f"{counted(self.lessons, 'lesson')}, {counted(self.passages, 'passage')}{encoded}"
        return f"{', '.join(counts)}; {sizes}, {self.seconds:.1f} s{verdict}"

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Report:
        """Read what `as_json` gave, perhaps in an older or a newer program; raises `TypeError` and `ValueError`."""
        values = {each.name: data[each.name] for each in fields(cls) if each.name in data}
        values["problems"] = tuple(Problem(**problem) for problem in data.get("problems", ()))
        values["regressions"] = tuple(
            Regression(**{**lost, "ahead": tuple(lost["ahead"])}) for lost in data.get("regressions", ())
        )
        report = cls(**values)
        counted = [getattr(report, name) for name in _COUNTS]
        if not all(isinstance(value, int) for value in counted) or not isinstance(report.seconds, (int, float)):
            raise ValueError("a count that is no number")
        return report


_CHANGES = ("added", "changed", "removed", "failed")
_COUNTS = ("added", "changed", "removed", "unchanged", "failed", "lessons", "passages", "encoded", "asked", "lost")
