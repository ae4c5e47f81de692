"""Summaries of many findings."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from kb.check.finding import Finding, by_place
from kb.check.rules import RULES
from kb.check.run import Checked
from kb.check.severity import Severity
from kb.corpus.usage import Usage
from kb.wording import counted

_MANY = 5
"""A code in more lessons than this is summarized."""
_MANY_TIMES = 50
"""More findings than this are summarized even if they are all in one lesson."""
_SHOWN = 3
_NAMED = 12


@dataclass(frozen=True, slots=True)
class Repeated:
    """All findings with one code, which occurs often."""

    findings: tuple[Finding, ...]

    @property
    def code(self) -> str:
        return self.findings[0].code

    @property
    def severity(self) -> Severity:
        """The worst severity among them."""
        return min((finding.severity for finding in self.findings), key=_SEVERITIES.index)

    @property
    def text(self) -> str:
        """The summary for all of them: `1,934 lessons have no contact`."""
        times, lessons = len(self.findings), len({finding.path for finding in self.findings})
        if lessons <= _MANY:
            return f"{times:,} times in {counted(lessons, 'lesson')}"
        in_all = f", {times:,} times in all" if times > lessons else ""
        return f"{lessons:,} lessons {RULES[self.code].many}{in_all}"

    @property
    def advice(self) -> str:
        """What to do about all of them; empty if the advice differs."""
        if any(finding.about for finding in self.findings):
            return RULES[self.code].together.format(_named(Counter(finding.about for finding in self.findings)))
        cures = {finding.message.partition("; ")[2] for finding in self.findings}
        return cures.pop() if len(cures) == 1 else ""


def _named(counts: Counter[str]) -> str:
    """Return the most frequent names, quoted as in a TOML list."""
    named = ", ".join(json.dumps(name, ensure_ascii=False) for name, _ in counts.most_common(_NAMED))
    return named + ", …" * (len(counts) > _NAMED)


@dataclass(frozen=True, slots=True)
class Summary:
    """Single findings, and summaries of codes that occur often."""

    shown: tuple[Finding, ...]
    """By place."""
    repeated: tuple[Repeated, ...] = ()
    """The worst first, then the most frequent."""

    @property
    def worst_first(self) -> list[Finding]:
        """The single findings: errors, then warnings, then notes, each by place."""
        return _worst_first(self.shown)


def summarised(findings: Sequence[Finding], *, every: bool = False, examples: int = _SHOWN) -> Summary:
    """Return a summary; for codes that occur often only examples, the worst first, from different lessons if possible.

    With `every`, nothing is summarized.
    """
    by_code: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_code[finding.code].append(finding)
    repeated = [] if every else [Repeated(tuple(found)) for found in by_code.values() if _is_many(found)]
    for one in repeated:
        by_code[one.code] = _examples(one.findings)[:examples]
    repeated.sort(key=lambda one: (_SEVERITIES.index(one.severity), -len(one.findings)))
    return Summary(tuple(by_place(chain.from_iterable(by_code.values()))), tuple(repeated))


def _is_many(found: Sequence[Finding]) -> bool:
    return len(found) > _MANY and (len({finding.path for finding in found}) > _MANY or len(found) > _MANY_TIMES)


def _examples(findings: Sequence[Finding]) -> list[Finding]:
    """Return findings ordered so that the worst one of each lesson comes first."""
    seen: Counter[str] = Counter()
    turns: list[tuple[int, Finding]] = []
    for finding in _worst_first(findings):
        turns.append((seen[finding.path], finding))
        seen[finding.path] += 1
    return [finding for _, finding in sorted(turns, key=lambda turn: turn[0])]


def _worst_first(findings: Sequence[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: _SEVERITIES.index(finding.severity))


_SEVERITIES = tuple(Severity)


def tally(checked: Checked) -> str:
    """Return the last line of the output: the number of findings by severity."""
    if not (checked.files or checked.failed or checked.findings):
        return "no lessons to check"
    counts = [counted(count, severity.value) for severity in Severity if (count := checked.count(severity))]
    fixable = sum(bool(finding.edits) for finding in checked.findings)
    parts = [
        f"{counted(len(checked.files), 'lesson')}: {', '.join(counts) or 'nothing wrong'}",
        *([f"{fixable:,} can be fixed by --fix"] if fixable else []),
        *([_lone(checked.tags)] if checked.tags and checked.tags.lone else []),
        *([f"{counted(len(checked.failed), 'file')} could not be read"] if checked.failed else []),
    ]
    return "; ".join(parts)


def _lone(tags: Usage) -> str:
    share = tags.lone / len(tags.counts)
    return f"{tags.lone:,} of {counted(len(tags.counts), 'tag')} ({share:.0%}) are in one lesson only"
