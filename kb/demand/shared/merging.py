"""Merges the lists of several people: entries about the same need become one gap."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from kb.demand.shared.entry import NO_UNIT, Entry
from kb.demand.shared.gathering import Feature, Point, gathered, middle_of, point_of
from kb.demand.shared.token import PEOPLE

if TYPE_CHECKING:
    from kb.forms.find.needs import Need

_ALIKE = 0.5
"""Least cosine of an entry to a group (benchmarks/organisation.py)."""
_SAME = 0.46
"""Least cosine of two groups of enough people that are one."""


class Group(NamedTuple):
    """Entries about one need, of one or more people."""

    entries: tuple[Entry, ...]

    @property
    def people(self) -> frozenset[str]:
        return frozenset(entry.sharer for entry in self.entries)

    @property
    def units(self) -> frozenset[str]:
        return frozenset(entry.unit for entry in self.entries if entry.unit != NO_UNIT)

    @property
    def asked(self) -> int:
        return sum(entry.asked for entry in self.entries)

    @property
    def is_shown(self) -> bool:
        """Whether enough people have it."""
        return len(self.people) >= PEOPLE

    def words(self) -> list[str]:
        """Return the words that at least three people have, those of most people first, as most write them."""
        people: defaultdict[int, set[str]] = defaultdict(set)
        written: defaultdict[int, Counter[str]] = defaultdict(Counter)
        for entry in self.entries:
            for token in entry.tokens:
                if token.sure is not None:
                    people[token.sure].add(entry.sharer)
                    written[token.sure].update([token.word] if token.word else [])
        known = [value for value in people if len(people[value]) >= PEOPLE and written[value]]
        words = {min(written[value], key=lambda word: (-written[value][word], word)): people[value] for value in known}
        return sorted(words, key=lambda word: (-len(words[word]), word))

    def closest(self) -> list[str]:
        """Return the closest lessons, those of most people first."""
        near = Counter(id_ for entry in self.entries for id_ in entry.near)
        return sorted(near, key=lambda id_: (-near[id_], id_))

    def as_json(self) -> Need:
        return {
            "words": self.words(),
            "asked": self.asked,
            "people": len(self.people),
            "units": len(self.units),
            "closest": self.closest(),
        }


def latest(entries: Iterable[Entry]) -> list[Entry]:
    """Return of each person the entries shared last: a merge may have kept older ones too."""
    entries = list(dict.fromkeys(entries))
    last: dict[str, str] = {}
    for entry in entries:
        last[entry.sharer] = max(entry.shared, last.get(entry.sharer, ""))
    return [entry for entry in entries if entry.shared == last[entry.sharer]]


def grouped(entries: Iterable[Entry]) -> list[Group]:
    """Return the gaps of some entries, those of most people first. The order of the entries does not matter.

    Entries are put together if they have words or closest lessons in common, or mean the same; then the groups of
    enough people, because the middle of a group is surer than a single entry.
    """
    ordered = sorted(entry for entry in entries if entry.asked)
    points = _points(ordered)
    # The entries with the most common words first: they are the middle of a group, and the others join them.
    common = Counter(feature for point in points for feature in point.features)
    commonness = [sum(common[feature] for feature in point.features) for point in points]
    order = sorted(range(len(points)), key=lambda place: (-commonness[place], place))
    groups = [[order[place] for place in group] for group in gathered([points[place] for place in order], _ALIKE)]
    return sorted(
        (Group(tuple(ordered[place] for place in sorted(group))) for group in _joined(groups, ordered, points)),
        key=lambda group: (-len(group.people), -group.asked, group.entries),
    )


def _points(entries: Sequence[Entry]) -> list[Point]:
    """Return what entries are compared by: the hashes of their words and their closest lessons, and their meaning."""
    features: list[set[Feature]] = [{*(token.faint for token in entry.tokens), *entry.near} for entry in entries]
    common = Counter(feature for own in features for feature in own)
    return [
        point_of({feature: math.log1p(len(entries) / common[feature]) for feature in own}, entry.meaning)
        for own, entry in zip(features, entries, strict=True)
    ]


def _joined(groups: Sequence[list[int]], entries: Sequence[Entry], points: Sequence[Point]) -> Iterator[list[int]]:
    """Yield the groups; those of enough people that are near each other are one, the largest first."""

    def is_large(group: Sequence[int]) -> bool:
        return len({entries[place].sharer for place in group}) >= PEOPLE

    large = sorted(filter(is_large, groups), key=lambda group: (-len(group), min(group)))
    middles = [middle_of([points[place] for place in group]) for group in large]
    for together in gathered(middles, _SAME):
        yield [place for number in together for place in large[number]]
    yield from (group for group in groups if not is_large(group))
