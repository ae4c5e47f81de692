"""Merges the lists of several people: entries about the same need become one gap."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from kb.demand.shared.entry import NO_UNIT, Entry
from kb.demand.shared.token import PEOPLE

_ALIKE = 0.25
"""Least cosine of an entry to a group, over hashes of words and closest lessons (benchmarks/organisation.py)."""
_Feature = int | str


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


def latest(entries: Iterable[Entry]) -> list[Entry]:
    """Return of each person the entries shared last: a merge may have kept older ones too."""
    entries = list(dict.fromkeys(entries))
    last: dict[str, str] = {}
    for entry in entries:
        last[entry.sharer] = max(entry.shared, last.get(entry.sharer, ""))
    return [entry for entry in entries if entry.shared == last[entry.sharer]]


def grouped(entries: Iterable[Entry]) -> list[Group]:
    """Return the gaps of some entries, those of most people first. The order of the entries does not matter."""
    ordered = sorted(entry for entry in entries if entry.asked)
    features = [_features(entry) for entry in ordered]
    common = Counter(feature for own in features for feature in own)
    vectors = [_vector(own, common, len(ordered)) for own in features]
    # The entries with the most common words first: they are the middle of a group, and the others join them.
    commonness = [sum(common[feature] for feature in own) for own in features]
    order = sorted(range(len(ordered)), key=lambda place: (-commonness[place], place))
    groups = [Group(tuple(ordered[place] for place in sorted(group))) for group in _gathered(order, vectors)]
    return sorted(groups, key=lambda group: (-len(group.people), -group.asked, group.entries))


def _features(entry: Entry) -> set[_Feature]:
    """Return what an entry is compared by: the hashes of its words, and its closest lessons."""
    return {*(token.faint for token in entry.tokens), *entry.near}


def _vector(own: Iterable[_Feature], common: Mapping[_Feature, int], entries: int) -> dict[_Feature, float]:
    """Return the features weighted by their inverse frequency in all entries, of length 1."""
    weighed = {feature: math.log1p(entries / common[feature]) for feature in own}
    length = math.hypot(*weighed.values()) or 1.0
    return {feature: weight / length for feature, weight in weighed.items()}


def _gathered(order: Sequence[int], vectors: Sequence[Mapping[_Feature, float]]) -> list[list[int]]:
    """Put each entry, in order, into the group whose mean is nearest, or begin one with it."""
    groups: list[list[int]] = []
    sums: list[dict[_Feature, float]] = []
    lengths: list[float] = []
    having: defaultdict[_Feature, list[int]] = defaultdict(list)
    for place in order:
        vector = vectors[place]
        products: defaultdict[int, float] = defaultdict(float)
        for feature, weight in vector.items():
            for number in having[feature]:
                products[number] += weight * sums[number][feature]
        cosines = {number: product / lengths[number] for number, product in products.items()}
        best = min(cosines, key=lambda number: (-cosines[number], number), default=-1)
        if best < 0 or cosines[best] < _ALIKE:
            best = len(groups)
            groups.append([])
            sums.append({})
            lengths.append(0.0)
        groups[best].append(place)
        for feature, weight in vector.items():
            if feature not in sums[best]:
                sums[best][feature] = 0.0
                having[feature].append(best)
            sums[best][feature] += weight
        lengths[best] = math.hypot(*sums[best].values())
    return groups
