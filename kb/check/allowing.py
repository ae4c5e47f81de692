"""What the comments of a lesson allow, taken from what was found in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kb.check.allowances import Allowance, allowances
from kb.check.finding import Finding
from kb.check.groups.allowance import CODE, REASON, UNUSED
from kb.check.lesson_file import LessonFile
from kb.check.rules import RULES, Selection, rules_named
from kb.errors import UnknownCode


def without_allowed(
    file: LessonFile, findings: Sequence[Finding], wanted: Selection, *, was_asked: bool
) -> list[Finding]:
    """Return the findings that no comment of the file allows, and the comments that allow nothing.

    Whether one allows nothing any more is judged only where its code was looked for: `wanted`, and not one for the
    index if that `was_asked` nothing.
    """
    left = list(findings)
    for allowance in allowances(file):
        if wrong := list(_wrong(file, allowance)):
            left += wrong
            continue
        kept = [finding for finding in left if finding.code != allowance.code or not allowance.covers(finding)]
        if len(kept) == len(left) and allowance.code in wanted and (was_asked or not RULES[allowance.code].asks):
            said = f"allows {allowance.code}, which is not found here; remove the comment"
            kept.append(UNUSED.at(file, allowance.span, said))
        left = kept
    return [finding for finding in left if finding.code in wanted]


def _wrong(file: LessonFile, allowance: Allowance) -> Iterator[Finding]:
    """Yield why a comment allows nothing, however it was meant."""
    if why := _unknown(allowance.code):
        yield CODE.at(file, allowance.span, why)
    elif not allowance.reason:
        said = f"allows {allowance.code} without a reason, so it allows nothing"
        yield REASON.at(file, allowance.span, f"{said}; write why after the code and a colon")


def _unknown(code: str) -> str:
    """Return what is wrong with a code, empty if it is one."""
    if code in RULES:
        return ""
    if not code:
        return "allows nothing; name a code: `kb: allow CODE: reason`"
    try:
        return f"allows a group; name one code of it, such as {rules_named(code)[0].code}"
    except UnknownCode as error:
        return f"allows nothing; {error}"
