"""The result of a check-up, drawn for a person: a line for each area, and below it the problems."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.text import Text

from kb.doctor.diagnosis import Area, Diagnosis, Level
from kb.terminal.console import console

_STYLES = {Level.OK: "green", Level.WARNING: "yellow", Level.ERROR: "bold red"}
_INDENT = " " * 3


def draw_checkup(done: Sequence[str], findings: Sequence[Diagnosis], *, verbose: bool) -> None:
    """Print what was fixed, then each area with its problems; with `verbose` also what is in order."""
    out = console()
    lines = [Text(f"repaired: {line}", "green") for line in done]
    for area in Area:
        here = [finding for finding in findings if finding.area is area]
        lines.append(_summary(area, here))
        for finding in here:
            if verbose or finding.level is not Level.OK:
                lines += _lines(finding)
    for line in lines:
        out.print(line, soft_wrap=True)  # not wrapped, so that a command can be copied


def _summary(area: Area, findings: Sequence[Diagnosis]) -> Text:
    counts = Counter(finding.level for finding in findings)
    wrong = [_count(counts[level], level.value) for level in (Level.ERROR, Level.WARNING) if counts[level]]
    worst = Level.ERROR if counts[Level.ERROR] else Level.WARNING if wrong else Level.OK
    verdict = ", ".join(wrong) or ("in order" if findings else "not checked")
    return Text.assemble(f"{area.value:15}", (verdict, _STYLES[worst] if findings else "dim"))


def _count(count: int, name: str) -> str:
    return f"{count} {name}{'s' * (count > 1)}"


def _lines(finding: Diagnosis) -> list[Text]:
    lines = [Text.assemble(_INDENT, (finding.level.value, _STYLES[finding.level]), f": {finding.what}")]
    if finding.cure:
        lines.append(Text.assemble(_INDENT * 2, (finding.cure, "bold")))
    return lines
