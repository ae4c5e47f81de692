"""The problem of a file, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.problem import Problem

if TYPE_CHECKING:
    from kb.forms.keep import run as forms


def problem_as_json(problem: Problem) -> forms.FileProblem:
    return {
        "path": problem.path,
        "reason": problem.reason,
        "line": problem.line,
        "defect": problem.defect.value if problem.defect else None,
    }
