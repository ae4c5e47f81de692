"""The result of a plan, and its report."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ingest.problem import Problem
from kb.catalogue.catalogue import Catalogue
from kb.index.snapshot import CATALOGUE, Snapshot
from kb.reindex.known_problems import distinct
from kb.reindex.plan import Plan, known_files
from kb.reindex.reporting.report import Report

if TYPE_CHECKING:
    from kb.acceptance.gate import Verdict


@dataclass(frozen=True, slots=True)
class Built:
    """The content of the next snapshot."""

    lessons: int
    passages: int
    encoded: int
    """Number of passages encoded by the model."""
    unreadable: tuple[Problem, ...]
    window: str
    """Name of the window that the passages fit."""


@dataclass(frozen=True, slots=True)
class Done:
    """The result of a plan."""

    plan: Plan
    """The plan as carried out; changed if the base was damaged."""
    snapshot: Snapshot | None
    """The snapshot that is live now."""
    built: Built | None = None
    """None if nothing had to be built."""
    verdict: Verdict | None = None
    refusal: str = ""
    """Why nothing was published; empty otherwise."""

    def after(self, words: Done) -> Done:
        """Return this result with the unreadable files of an earlier step, which published an index by words only."""
        if self.built is None or words.built is None:
            return self
        unreadable = (*words.built.unreadable, *self.built.unreadable)
        return replace(self, built=replace(self.built, unreadable=unreadable))

    def report(self, seconds: float, stages: Mapping[str, float]) -> Report:
        """Return the report; `seconds` is the duration, `stages` the seconds of each stage."""
        plan, snapshot, built, verdict = self.plan, self.snapshot, self.built, self.verdict
        files = known_files(snapshot)
        problems = _problems(plan, snapshot, built)
        failed = {problem.path for problem in problems}
        before = plan.known
        whole = [path for path in files if path not in failed]
        same = [path for path in whole if path in before and before[path].digest == files[path].digest]
        manifest = snapshot.manifest if snapshot else None
        return Report(
            added=sum(path not in before for path in whole),
            changed=sum(path in before for path in whole) - len(same),
            removed=sum(path not in files for path in before),
            unchanged=len(same),
            failed=len(failed),
            lessons=manifest.lessons if manifest else 0,
            passages=manifest.passages if manifest else 0,
            encoded=built.encoded if built else 0,
            seconds=round(seconds, 2),
            snapshot=manifest.id if manifest else None,
            published=built is not None and not self.refusal,
            problems=problems,
            refusal=self.refusal,
            asked=len(verdict.items) if verdict else 0,
            lost=len(verdict.regressions) if verdict else 0,
            regressions=verdict.regressions if verdict else (),
            model=manifest.encoder.model if manifest and manifest.encoder else None,
            commit=manifest.commit if manifest else None,
            stages=stages,
        )


def _problems(plan: Plan, snapshot: Snapshot | None, built: Built | None) -> tuple[Problem, ...]:
    """Return the problems of the corpus, distinct and sorted."""
    known: list[Problem] = []
    if snapshot:
        with closing(Catalogue(snapshot.folder / CATALOGUE)) as catalogue:
            known = catalogue.problems()
    return distinct((*plan.people.problems, *plan.changes.unreadable, *(built.unreadable if built else ()), *known))
