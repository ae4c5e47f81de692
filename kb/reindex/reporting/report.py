"""The report of a run of the job that updates the index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from ingest.problem import Defect, Problem
from kb.acceptance.regression import Regression
from kb.demand.saved import ClosedGap
from kb.lessons.file_problem import problem_as_json
from kb.wording import counted

if TYPE_CHECKING:
    from kb.forms.keep import run as forms


@dataclass(frozen=True, slots=True)
class Report:
    """The report of a run. Every file is in exactly one of the first five counts."""

    added: int
    changed: int
    removed: int
    unchanged: int
    failed: int
    """Files and folders that could not be read completely; each has its entries in `problems`."""
    lessons: int
    passages: int
    encoded: int
    """Number of passages encoded by the model."""
    seconds: float
    snapshot: str | None
    """Id of the live snapshot after the run; None if there is none yet."""
    published: bool
    """False if nothing had changed, or the new snapshot was refused."""
    problems: tuple[Problem, ...] = ()
    refusal: str = ""
    """Why no new snapshot was published; empty otherwise."""
    asked: int = 0
    """Number of sentences of `answers` for which the new index was searched before it was published."""
    lost: int = 0
    """Number of those that no longer find their lesson; each is in `regressions`."""
    regressions: tuple[Regression, ...] = ()
    closed_gaps: tuple[ClosedGap, ...] = ()
    """The gaps of this user's last `kb gaps` that the library meets now."""
    model: str | None = None
    commit: str | None = None
    """Git commit of the corpus; None if it is not in git."""
    stages: Mapping[str, float] = field(default_factory=dict)
    """Seconds of each stage, in order."""
    words_snapshot: str | None = None
    """Id of the snapshot with words only that was published first, if there was no index before."""
    words_after: float | None = None
    """Seconds until that one was published."""

    @property
    def summary(self) -> str:
        """The number of changes, failures, lost answers and lessons, as text."""
        changes = [(count, name) for name in _CHANGES if (count := getattr(self, name))]
        parts = [f"{count:,} {name}" for count, name in changes]
        if self.lost:
            parts.append(f"{counted(self.lost, 'answer')} no longer found")
        return ", ".join(parts) + "; " * bool(parts) + counted(self.lessons, "lesson")

    @property
    def line(self) -> str:
        """The result on one line, for the user who started the run."""
        always = ("added", "changed", "removed", "unchanged")
        counts = [f"{getattr(self, name):,} {name}" for name in (*always, *(("failed",) if self.failed else ()))]
        encoded = f" ({self.encoded:,} encoded)" if self.encoded else ""
        verdict = "" if self.published else "; not published" if self.refusal else "; the index was up to date"
        sizes = f"{counted(self.lessons, 'lesson')}, {counted(self.passages, 'passage')}{encoded}"
        return f"{', '.join(counts)}; {sizes}, {self.seconds:.1f} s{verdict}"

    @property
    def shares(self) -> dict[str, float]:
        """The share of each stage in the time of all, 0 to 1, in order."""
        total = sum(self.stages.values())
        return {name: seconds / total if total else 0.0 for name, seconds in self.stages.items()}

    @property
    def stages_line(self) -> str:
        """The stages on one line, each with its seconds and its share; empty if there were none."""
        shares = self.shares
        parts = (f"{name} {seconds:.1f} s ({shares[name]:.0%})" for name, seconds in self.stages.items())
        return f"time spent: {', '.join(parts)}" if self.stages else ""

    def as_json(self) -> forms.Report:
        return {
            "added": self.added,
            "changed": self.changed,
            "removed": self.removed,
            "unchanged": self.unchanged,
            "failed": self.failed,
            "lessons": self.lessons,
            "passages": self.passages,
            "encoded": self.encoded,
            "seconds": self.seconds,
            "snapshot": self.snapshot,
            "published": self.published,
            "problems": [problem_as_json(problem) for problem in self.problems],
            "refusal": self.refusal,
            "asked": self.asked,
            "lost": self.lost,
            "regressions": [lost.as_json() for lost in self.regressions],
            "closed_gaps": [gap.as_json() for gap in self.closed_gaps],
            "model": self.model,
            "commit": self.commit,
            "stages": dict(self.stages),
            "words_snapshot": self.words_snapshot,
            "words_after": self.words_after,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Report:
        """Return a report from `as_json`, also of an older or newer program; raises `TypeError` and `ValueError`."""
        values = {each.name: data[each.name] for each in fields(cls) if each.name in data}
        values["problems"] = tuple(map(_problem, data.get("problems", ())))
        values["regressions"] = tuple(
            Regression(**{**lost, "ahead": tuple(lost["ahead"])}) for lost in data.get("regressions", ())
        )
        values["closed_gaps"] = tuple(ClosedGap(**gap) for gap in data.get("closed_gaps", ()))
        report = cls(**values)
        counted = [getattr(report, name) for name in _COUNTS]
        if not all(isinstance(value, int) for value in counted) or not isinstance(report.seconds, (int, float)):
            raise ValueError("a count that is no number")
        return report


def _problem(data: Mapping[str, Any]) -> Problem:
    """Return a problem that was recorded; a defect that only a newer program knows is none."""
    known = data.get("defect") in [*Defect]
    return Problem(**{**data, "defect": Defect(data["defect"]) if known else None})


_CHANGES = ("added", "changed", "removed", "failed")
_COUNTS = ("added", "changed", "removed", "unchanged", "failed", "lessons", "passages", "encoded", "asked", "lost")
