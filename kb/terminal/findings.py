"""Findings, drawn for a person: one line each; those that occur in many lessons share one line."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from rich.console import Console
from rich.style import Style
from rich.text import Text

from kb.check.finding import Finding, on_one_line
from kb.check.severity import Severity
from kb.check.summary import Repeated, Summary
from kb.terminal.console import console

_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_INDENT = 4


def draw_findings(summary: Summary, last: str) -> None:
    """Print the findings, then the line `last` unless it is empty. In a pipe no line is wrapped.

    If some findings are grouped, errors come first, because the user will not work through the whole list.
    """
    out = console(wide=True)
    findings = summary.worst_first if summary.repeated else summary.shown
    _print(out, map(_line if out.is_terminal else str, findings))
    if summary.repeated:
        out.print()
    _print(out, map(_line_of_many, summary.repeated))
    if last:
        _print(out, [Text(f"{last}; --all shows each" if summary.repeated else last, "bold")])


def _print(out: Console, lines: Iterable[Text | str]) -> None:
    for line in lines:
        if isinstance(line, Text) and out.is_terminal:
            _print_wrapped(out, line)
        else:
            print(line)  # fast enough for ten thousand lines


def _print_wrapped(out: Console, line: Text) -> None:
    """Print a line; if it is wider than the terminal, wrap it with an indent."""
    for number, part in enumerate(line.wrap(out, max(out.width - _INDENT, 20), overflow="fold")):
        part.rstrip()
        out.print(Text(" " * _INDENT * bool(number)).append_text(part), no_wrap=True, overflow="ignore", crop=False)


def _line(finding: Finding) -> Text:
    place = f"{on_one_line(finding.path)}:{finding.line}:{finding.column}"
    link = Style(link=Path(finding.path).absolute().as_uri())
    return Text.assemble(
        (place, link), ": ", (finding.code, "bold"), " ", _severity(finding.severity), f": {finding.message}"
    )


def _line_of_many(repeated: Repeated) -> Text:
    rest = ": " + "; ".join(filter(None, (repeated.text, repeated.advice)))
    return Text.assemble((repeated.code, "bold"), " ", _severity(repeated.severity), rest)


def _severity(severity: Severity) -> tuple[str, str]:
    return severity.value, _STYLES[severity]
