"""Workflow commands of GitHub Actions, which annotate a pull request.

Source: docs.github.com, "Workflow commands for GitHub Actions"; its escapes are those of actions/toolkit.
"""

from __future__ import annotations

from collections.abc import Mapping

from ingest.problem import Problem
from kb.check.finding import Finding
from kb.check.run import Checked
from kb.check.severity import Severity
from kb.check.summary import summarised, tally

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def render(checked: Checked, *, every: bool = False) -> str:
    """Return a command for each finding, the worst first, and the tally.

    GitHub shows ten of each severity in a step, so a finding that occurs in many lessons is reported once only.
    """
    summary = summarised(checked.findings, every=every, examples=1)
    many = {repeated.code: f" ({repeated.text})" for repeated in summary.repeated}
    failed = [_failure(problem) for problem in checked.failed]
    return "\n".join([*failed, *(_command(finding, many) for finding in summary.worst_first), tally(checked)])


def _command(finding: Finding, many: Mapping[str, str]) -> str:
    place = f"file={_property(finding.path)},line={finding.line},col={finding.column}"
    message = _data(finding.message + many.get(finding.code, ""))
    return f"::{_COMMANDS[finding.severity]} {place},title={_property(finding.code)}::{message}"


def _failure(problem: Problem) -> str:
    line = f",line={problem.line}" if problem.line else ""
    return f"::error file={_property(problem.path)}{line},title=could not be read::{_data(problem.reason)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
