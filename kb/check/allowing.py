"""Removes the findings that a lesson's comments allow."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from operator import attrgetter

from kb.check.allowances import Allowance, allowances
from kb.check.finding import Finding
from kb.check.groups.allowance import CODE, REASON, UNUSED
from kb.check.rules import RULES, Selection, rules_named
from kb.corpus.lesson_file import LessonFile
from kb.errors import UnknownCode


def without_allowed(
    file: LessonFile, findings: Sequence[Finding], wanted: Selection, *, index_used: bool
) -> list[Finding]:
    """Return the findings that no comment of the file allows, and findings on comments that allow nothing.

    A comment counts as unused only if its code was checked: it is `wanted`, and if it needs the index, `index_used`.
    """
    left = _Left(findings)
    wrong: list[Finding] = []
    for allowance in allowances(file):
        if errors := list(_wrong(file, allowance)):
            wrong += errors
        elif not left.take(allowance) and allowance.code in wanted and (index_used or not RULES[allowance.code].asks):
            message = f"allows {allowance.code}, which is not found here; remove the comment"
            wrong.append(UNUSED.at(file, allowance.span, message))
    return [finding for finding in (*left, *wrong) if finding.code in wanted]


class _Left:
    """The findings that are not allowed yet, by code and line, so that each comment searches only its own lines."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self._by_line: dict[str, list[Finding]] = {}
        self._of_whole: dict[str, list[Finding]] = {}
        for finding in sorted(findings, key=attrgetter("line")):
            (self._of_whole if finding.of_whole else self._by_line).setdefault(finding.code, []).append(finding)

    def __iter__(self) -> Iterator[Finding]:
        return chain.from_iterable((*self._by_line.values(), *self._of_whole.values()))

    def take(self, allowance: Allowance) -> bool:
        """Remove the findings that a comment allows; return whether there were any."""
        found = self._by_line.get(allowance.code, [])
        first, end = (bisect_left(found, line + 1, key=attrgetter("line")) for line in allowance.lines)
        del found[first:end]
        of_whole = allowance.of_whole and self._of_whole.pop(allowance.code, [])
        return end > first or bool(of_whole)


def _wrong(file: LessonFile, allowance: Allowance) -> Iterator[Finding]:
    """Yield the reason why a comment allows nothing, if it is malformed."""
    if why := _unknown(allowance.code):
        yield CODE.at(file, allowance.span, why)
    elif not allowance.reason:
        message = f"allows {allowance.code} without a reason, so it allows nothing"
        yield REASON.at(file, allowance.span, f"{message}; write why after the code and a colon")


def _unknown(code: str) -> str:
    """Return what is wrong with a code; empty if it is valid."""
    if code in RULES:
        return ""
    if not code:
        return "allows nothing; name a code: `kb: allow CODE: reason`"
    try:
        return f"allows a group; name one code of it, such as {rules_named(code)[0].code}"
    except UnknownCode as error:
        return f"allows nothing; {error}"
