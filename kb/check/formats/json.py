"""One JSON object with everything that was found."""

from __future__ import annotations

from typing import Any

from kb.check.finding import Finding
from kb.check.run import Checked
from kb.check.severity import Severity
from kb.visible import json_text


def written(checked: Checked) -> str:
    """Return the object: `lessons`, `findings`, `failed`, `summary`; keys are only ever added."""
    findings = [_fields(finding) for finding in checked.findings]
    summary = {f"{severity.value}s": checked.count(severity) for severity in Severity}
    said = {
        "lessons": len(checked.files),
        "findings": findings,
        "failed": [
            {"path": problem.path, "line": problem.line, "reason": problem.reason} for problem in checked.failed
        ],
        "summary": summary | {"mended": sum(finding["mended"] for finding in findings)},
    }
    return json_text(said)


def _fields(finding: Finding) -> dict[str, Any]:
    return {
        "path": finding.path,
        "line": finding.line,
        "column": finding.column,
        "code": finding.code,
        "severity": finding.severity.value,
        "message": finding.message,
        "mended": bool(finding.edits),
    }
