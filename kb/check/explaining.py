"""Explanations of the rules for the user."""

from __future__ import annotations

import textwrap

from kb.check.rule import Rule
from kb.check.rules import GROUPS, RULES, rules_named

EVERYTHING = "all"
_WIDTH = 80


def explained(name: str) -> str:
    """Return the explanation of a code or of all codes of a group: problem, reason, fix and example; or a list of all.

    Raises `UnknownCode`.
    """
    if name == EVERYTHING:
        return "\n".join(_group_line(group) for group in GROUPS if any(rule.group == group for rule in RULES.values()))
    return "\n\n".join(map(_page, rules_named(name)))


def _group_line(group: str) -> str:
    rules = [rule for rule in RULES.values() if rule.group == group]
    lines = [f"{rule.code} ({rule.severity}): {rule.summary}" for rule in rules]
    filled = [textwrap.fill(line, _WIDTH, initial_indent="  ", subsequent_indent="      ") for line in lines]
    return "\n".join([f"{group}: {GROUPS[group]}", *filled])


def _page(rule: Rule) -> str:
    paragraphs = [rule.summary, rule.cure, *how(rule)]
    return "\n".join(
        [
            f"{rule.code} ({rule.severity})",
            *(textwrap.fill(text, _WIDTH, initial_indent="  ", subsequent_indent="  ") for text in paragraphs),
            *("", "  Bad:", textwrap.indent(example(rule.bad), " " * 6)),
            *("", "  Good:", textwrap.indent(example(rule.good), " " * 6)),
        ]
    )


def how(rule: Rule) -> list[str]:
    """Return remarks on how a rule is checked and fixed, if that is special."""
    return [
        *(["`kb check --fix` can fix it."] if rule.fixable else []),
        *(["Uses the index: checked only in lessons that have changed, or with --ask."] if rule.asks else []),
    ]


def example(text: str) -> str:
    """Return an example in printable form: one of the defects is a NUL byte."""
    return text.strip("\n").replace("\0", "\u2400")
