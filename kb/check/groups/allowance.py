"""Comments that allow one code at one place, and say why."""

from __future__ import annotations

from kb.check.rule import Rule
from kb.check.severity import Severity

REASON = Rule(
    "allowance.reason",
    Severity.WARNING,
    "A comment allows a code and does not say why, so it allows nothing.",
    "allow a code without a reason",
    "The next reader must be able to judge whether the reason still holds. Write it after the code and a colon.",
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
    "It would hide the next finding of this code. Remove the comment.",
    "# Wrong labels\n\nAsk the printer. <!-- kb: allow privacy.email: he agreed -->\n",
    "# Wrong labels\n\nAsk w.keane@brightpaper.net. <!-- kb: allow privacy.email: he agreed -->\n",
)
RULES: tuple[Rule, ...] = (REASON, CODE, UNUSED)
