"""Groups questions that are about the same need."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from kb.demand.noting.vectors import unpacked
from kb.demand.words import terms_in

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kb.demand.noting.history import Question

NEAR = 0.55
"""Least cosine of a question to the mean of a group (benchmarks/organisation.py)."""
_TINY = 1e-9
_SHARED = 0.5
"""Least share of common terms of two questions without vectors of one model."""


class Cluster(NamedTuple):
    """Questions about one need, the most central first."""

    questions: tuple[Question, ...]

    @property
    def weight(self) -> float:
        return _weight(self.questions)

    @property
    def central(self) -> Question:
        """The question that stands for the others: one that was typed, if any was."""
        return next((question for question in self.questions if not question.is_page), self.questions[0])

    def vector(self, model: str) -> NDArray[np.float32] | None:
        """Return the weighted sum of the vectors of its questions; None without vectors of that model."""
        counted = _of_one_length([one for one in self.questions if one.vector and one.model == model])
        if not counted:
            return None
        vectors = unpacked([one.vector or b"" for one in counted])
        total: NDArray[np.float32] = np.array([one.weight for one in counted], np.float32) @ vectors
        return total


def clustered(questions: Sequence[Question], model: str, rewordings: Iterable[tuple[int, int]] = ()) -> list[Cluster]:
    """Group questions, the groups with the most weight first; `model`: the fingerprint whose vectors count.

    Groups of two questions of `rewordings` (`History.rewordings`) are one: whoever asked them meant the same.

    Each question, the heaviest first, joins the group whose mean it is nearest to, or begins one. Afterwards each is
    moved once to the group that is nearest now.
    """
    counted = [question for question in questions if question.vector and question.model == model]
    with_vectors = _of_one_length(counted)
    found = _by_meaning(with_vectors)
    chosen = {question.id for question in with_vectors}
    _add_by_words(found, [question for question in questions if question.id not in chosen])
    clusters = [Cluster(tuple(group)) for group in _united(found, rewordings) if group]
    return sorted(clusters, key=lambda cluster: (-cluster.weight, cluster.questions[0].id))


def _united(groups: Sequence[list[Question]], pairs: Iterable[tuple[int, int]]) -> list[list[Question]]:
    """Return the groups; those that a pair connects are one, in which the questions of the heavier come first."""
    group_of = {question.id: group for group in groups for question in group}
    for later, before in pairs:
        first, second = group_of.get(before), group_of.get(later)
        if first is None or second is None or first is second:
            continue
        if _weight(first) < _weight(second):
            first, second = second, first
        first += second
        group_of.update((question.id, first) for question in second)
    return [*{id(group): group for group in group_of.values()}.values()]


def _weight(group: Iterable[Question]) -> float:
    return sum(question.weight for question in group)


def _of_one_length(questions: Sequence[Question]) -> list[Question]:
    """Return the questions whose vectors can be compared; a damaged log may have others."""
    length = len(questions[0].vector or b"") if questions else 0
    return [one for one in questions if len(one.vector or b"") == length and any(one.vector or b"")]


def _by_meaning(questions: Sequence[Question]) -> list[list[Question]]:
    if not questions:
        return []
    vectors = unpacked([question.vector or b"" for question in questions])
    places = _places(vectors, np.array([question.weight for question in questions], np.float32))
    groups: list[list[int]] = [[] for _ in range(int(places.max()) + 1)]
    for number, place in enumerate(places.tolist()):
        groups[place].append(number)
    return [[questions[number] for number in _central_first(group, vectors)] for group in groups if group]


def _places(vectors: NDArray[np.float32], weights: NDArray[np.float32]) -> NDArray[np.int64]:
    """Return the group of each vector, shape (vectors,)."""
    sums, lengths = np.zeros_like(vectors), np.ones(len(vectors), np.float32)
    places = np.zeros(len(vectors), np.int64)
    groups = 0
    for number, vector in enumerate(vectors):
        near = (sums[:groups] @ vector) / lengths[:groups]
        best = int(near.argmax()) if groups else 0
        if not groups or near[best] < NEAR:
            best, groups = groups, groups + 1
        places[number] = best
        sums[best] += vector * weights[number]
        lengths[best] = max(float(np.linalg.norm(sums[best])), _TINY)
    means = sums[:groups] / lengths[:groups, None]
    cosines = vectors @ means.T
    nearest = cosines.argmax(axis=1)
    return np.where(cosines.max(axis=1) >= NEAR, nearest, places)


def _central_first(group: Sequence[int], vectors: NDArray[np.float32]) -> list[int]:
    own = vectors[group]
    nearness = own @ own.mean(axis=0)
    return [group[place] for place in np.argsort(-nearness, kind="stable").tolist()]


def _add_by_words(groups: list[list[Question]], questions: Sequence[Question]) -> None:
    """Add questions without vectors to the groups with which they share most words, or to new ones."""
    terms = [frozenset().union(*(terms_in(question.text) for question in group)) for group in groups]
    for question in questions:
        own = terms_in(question.text)
        shares = [len(own & others) / max(min(len(own), len(others)), 1) for others in terms]
        best = max(range(len(shares)), key=shares.__getitem__, default=-1)
        if best >= 0 and own and shares[best] >= _SHARED:
            groups[best].append(question)
            terms[best] |= own
        else:
            groups.append([question])
            terms.append(own)
