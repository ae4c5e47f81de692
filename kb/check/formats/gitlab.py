"""A Code Quality report, the only format from which GitLab annotates merge requests.

Source: docs.gitlab.com, "Code Quality", *Code Quality report format*.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import Any

from kb.check.finding import Finding
from kb.check.run import Checked
from kb.check.severity import Severity
from kb.visible import json_text

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.NOTE: "info"}


def render(checked: Checked) -> str:
    """Return the report, a JSON array."""
    seen: Counter[str] = Counter()
    return json_text([_issue(finding, seen) for finding in checked.findings], indent=1)


def _issue(finding: Finding, seen: Counter[str]) -> dict[str, Any]:
    return {
        "description": finding.message,
        "check_name": finding.code,
        "fingerprint": fingerprint(finding, seen),
        "severity": _SEVERITIES[finding.severity],
        "location": {"path": finding.path, "lines": {"begin": finding.line}},
    }


def fingerprint(finding: Finding, seen: Counter[str]) -> str:
    """Return a hash that does not depend on the line number; `seen` counts equal findings, to number them."""
    same = f"{finding.path}\n{finding.code}\n{finding.message}"
    seen[same] += 1
    return hashlib.blake2b(f"{same}\n{seen[same]}".encode(), digest_size=16).hexdigest()
