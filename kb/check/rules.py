"""All rules by group, and the selection of wanted ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kb.check.finding import Finding
from kb.check.groups import (
    allowance,
    completeness,
    duplicates,
    effects,
    people,
    privacy,
    retrievability,
    reuse,
    rigour,
    secrets,
    staleness,
    vocabulary,
)
from kb.check.groups.structure import structure
from kb.check.rule import Rule
from kb.corpus.census import Census
from kb.corpus.lesson_file import LessonFile
from kb.errors import UnknownCode
from search.query import nearest

_GROUPS = (
    structure,
    completeness,
    rigour,
    effects,
    retrievability,
    vocabulary,
    duplicates,
    staleness,
    people,
    reuse,
    secrets,
    privacy,
)
_WITHOUT_FRONT_MATTER = (structure, secrets, privacy)
_ALL = (*_GROUPS, allowance)
"""`allowance` is not in `_GROUPS`, because its rules need the findings of all other groups."""
RULES: Mapping[str, Rule] = {rule.code: rule for group in _ALL for rule in group.RULES}
"""Rules by code, in the order of the documentation."""
GROUPS: Mapping[str, str] = {group.__name__.rpartition(".")[2]: group.__doc__ or "" for group in _ALL}
"""The description of each group by its name."""


def find(file: LessonFile, census: Census, wanted: Selection) -> Iterator[Finding]:
    """Yield the findings of all groups that do not need the index, before allowances.

    If the front matter cannot be read, rules on missing values are skipped, because the values may be in it.
    """
    for group in _WITHOUT_FRONT_MATTER if file.reading.is_known_in_part else _GROUPS:
        if any(rule.code in wanted for rule in group.RULES):
            yield from (finding for finding in group.check(file, census) if finding.code in wanted)


@dataclass(frozen=True, slots=True)
class Selection:
    """The wanted rules, by code or group; an empty `select` means all."""

    select: Sequence[str] = ()
    ignore: Sequence[str] = ()

    def __contains__(self, code: str) -> bool:
        return (not self.select or _names(self.select, code)) and not _names(self.ignore, code)


def _names(given: Sequence[str], code: str) -> bool:
    return code in given or code.partition(".")[0] in given


def rules_named(name: str) -> list[Rule]:
    """Return the rule with a code, or all rules of a group; raises `UnknownCode` with the most similar name."""
    if found := [rule for rule in RULES.values() if name in (rule.code, rule.group)]:
        return found
    known = [*RULES, *dict.fromkeys(rule.group for rule in RULES.values())]
    names = {code.rpartition(".")[2]: code for code in known} | {code: code for code in known}
    near = [names[close] for close in nearest(name, names)]
    raise UnknownCode(
        f"no check has the code {name!r}; " + (f"did you mean {near[0]}?" if near else "`kb check --explain` lists all")
    )
