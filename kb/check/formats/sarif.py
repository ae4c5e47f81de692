"""SARIF 2.1.0, which GitHub's code scanning and many editors read.

Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0".
"""

from __future__ import annotations

from collections import Counter
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from ingest.problem import Problem
from kb import __version__
from kb.check.finding import Finding
from kb.check.formats.gitlab import fingerprint
from kb.check.rule import Rule
from kb.check.rules import RULES
from kb.check.run import Checked
from kb.visible import json_text

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_NUMBERS = {code: number for number, code in enumerate(RULES)}


def render(checked: Checked) -> str:
    """Return the log: one run with all rules and all findings; kb's severities are SARIF's level names."""
    driver = {"name": "kb check", "version": __version__, "rules": [_rule(rule) for rule in RULES.values()]}
    failed = [_notification(problem) for problem in checked.failed]
    seen: Counter[str] = Counter()
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": not failed, "toolExecutionNotifications": failed}],
        "results": [_result(finding, seen) for finding in checked.findings],
    }
    return json_text({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1)


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.code,
        "shortDescription": {"text": rule.summary},
        "help": {"text": rule.cure},
        "defaultConfiguration": {"level": rule.severity.value},
        "properties": {"tags": [rule.group]},
    }


def _result(finding: Finding, seen: Counter[str]) -> dict[str, Any]:
    return {
        "ruleId": finding.code,
        "ruleIndex": _NUMBERS[finding.code],
        "level": finding.severity.value,
        "message": {"text": finding.message},
        "locations": [_location(finding.path, {"startLine": finding.line, "startColumn": finding.column})],
        "partialFingerprints": {"kb/v1": fingerprint(finding, seen)},
    }


def _notification(problem: Problem) -> dict[str, Any]:
    region = {"startLine": problem.line} if problem.line else None
    return {"level": "error", "message": {"text": problem.reason}, "locations": [_location(problem.path, region)]}


def _location(path: str, region: dict[str, int] | None) -> dict[str, Any]:
    uri = PurePath(path).as_uri() if PurePath(path).is_absolute() else quote(path)
    return {"physicalLocation": {"artifactLocation": {"uri": uri}} | ({"region": region} if region else {})}
