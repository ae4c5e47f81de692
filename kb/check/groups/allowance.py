"""Comments that allow one code at one place, and say why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from kb.check.census import Census
from kb.check.finding import Finding
from kb.check.groups.allowed import allowances
from kb.check.lesson_file import LessonFile
from kb.check.rule import Rule, Severity
from kb.errors import UnknownCode

if TYPE_CHECKING:
    from kb.check.rules import Selection

REASON = Rule(
    "allowance.reason",
    Severity.WARNING,
    "A comment allows a code and does not say why, so it allows nothing.",
    "allow a code without a reason",
    "Whoever reads the lesson next must be able to judge whether the reason still holds. Write it after the code and a "
    "colon.",
    "# Wrong labels\n\nThe best printer ever. <!-- kb: allow rigour.superlative -->\n",
    "# Wrong labels\n\nOrders left with the wrong label.\n",
)
CODE = Rule(
    "allowance.code",
    Severity.WARNING,
    "A comment allows a code that no check has, so it allows nothing.",
    "allow a code that no check has",
    "One comment allows one code, not a group; `kb check --explain` lists all codes.",
    "# Wrong labels\n\nOrders left with the wrong label. <!-- kb: allow rigor: said by the foreman -->\n",
    "# Wrong labels\n\nOrders left with the wrong label.\n",
)
UNUSED = Rule(
    "allowance.unused",
    Severity.WARNING,
    "A comment allows what is no longer found at its place.",
    "allow what is no longer found",
    "It would hide the next one. Remove the comment.",
    "# Wrong labels\n\nAsk the printer. <!-- kb: allow privacy.email: he agreed -->\n",
    "# Wrong labels\n\nAsk w.keane@brightpaper.net. <!-- kb: allow privacy.email: he agreed -->\n",
)
RULES: tuple[Rule, ...] = (REASON, CODE, UNUSED)


def check(file: LessonFile, census: Census) -> Iterator[Finding]:
    """Yield comments that allow nothing, however they were meant."""
    for allowance in allowances(file):
        if why := _unknown(allowance.code):
            yield CODE.at(file, allowance.span, why)
        elif not allowance.reason:
            said = f"allows {allowance.code} without a reason, so it allows nothing"
            yield REASON.at(file, allowance.span, f"{said}; write why after the code and a colon")


def without_allowed(
    file: LessonFile, findings: Sequence[Finding], wanted: Selection, *, was_asked: bool
) -> list[Finding]:
    """Return the findings that no comment of the file allows, and the comments that allow nothing any more.

    Only those are judged whose code was looked for: `wanted`, and not one for the index if that `was_asked` nothing.
    """
    left = list(findings)
    for allowance in allowances(file):
        if _unknown(allowance.code) or not allowance.reason:
            continue
        kept = [finding for finding in left if finding.code != allowance.code or not allowance.covers(finding)]
        is_unused = len(kept) == len(left) and _was_looked_for(allowance.code, wanted, was_asked=was_asked)
        left = kept
        if is_unused and UNUSED.code in wanted:
            said = f"allows {allowance.code}, which is not found here; remove the comment"
            left.append(UNUSED.at(file, allowance.span, said))
    return left


def _was_looked_for(code: str, wanted: Selection, *, was_asked: bool) -> bool:
    from kb.check.rules import RULES as ALL  # which gathers them from here

    return code in wanted and (was_asked or not ALL[code].asks)


def _unknown(code: str) -> str:
    """Return what is wrong with a code, empty if it is one."""
    from kb.check.rules import RULES as ALL
    from kb.check.rules import rules_named

    if code in ALL:
        return ""
    if not code:
        return "allows nothing; name a code: `kb: allow CODE: reason`"
    try:
        return f"allows a group; name one code of it, such as {rules_named(code)[0].code}"
    except UnknownCode as error:
        return f"allows nothing; {error}"
