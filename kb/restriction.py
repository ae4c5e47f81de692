"""Which lessons and passages an answer may have, by what the lessons say of themselves."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ingest.kinds import Kind
from ingest.lesson import KEYS, folded_key
from kb.catalogue import Catalogue
from search.errors import QueryError
from search.filters import Alternative, Condition, folded_words, parse_condition, sorted_amounts
from search.query import known_field

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]

# Values that are compared with one that nobody has.
_MOST_COMPARED = 5000
_LONGEST_COMPARED = 80


@dataclass(frozen=True, slots=True)
class Restriction:
    """What an answer is restricted to; None is no restriction."""

    lessons: Mask | None = None
    passages: Mask | None = None
    """In canonical order, as everywhere."""
    notes: tuple[str, ...] = ()
    """Why no lesson is left."""

    @property
    def leaves_nothing(self) -> bool:
        return self.lessons is not None and not self.lessons.any()


class Facts:
    """What the lessons of a snapshot can be filtered by."""

    def __init__(self, catalogue: Catalogue, paths: Sequence[str], passages_of: NDArray[np.int32]) -> None:
        self._catalogue = catalogue
        self._paths = paths
        self._passages_of = passages_of

    @cached_property
    def fields(self) -> frozenset[str]:
        """Every key that a lesson has or could have, at any depth."""
        keys = [key.split(".") for key in self._catalogue.fact_keys()]
        return KEYS | {".".join(parts[:depth]) for parts in keys for depth in range(1, len(parts) + 1)}

    def condition(self, field: str, text: str) -> Condition:
        """Read a condition; raises `QueryError` for a field that no lesson has, and as `parse_condition` does."""
        known_field(field, self.fields)
        return parse_condition(field, text)

    def restriction(self, conditions: Sequence[Condition]) -> Restriction:
        """Restrict to the lessons that meet all conditions; raises `QueryError` for an unknown kind or key."""
        if not conditions:
            return Restriction()
        masks = [self._meeting(condition) for condition in conditions]
        lessons = np.logical_and.reduce(masks)
        notes = () if lessons.any() else tuple(self._why_nothing(conditions, masks))
        return Restriction(lessons, self._passages(conditions), notes)

    def mask(self, paths: Iterable[str]) -> Mask:
        """Mark lessons by their paths."""
        mask = np.zeros(len(self._paths), bool)
        mask[[self._numbers[path] for path in paths]] = True
        return mask

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {path: number for number, path in enumerate(self._paths)}

    @cached_property
    def _first_passage(self) -> list[int]:
        return [0, *np.cumsum(self._passages_of).tolist()]

    def _meeting(self, condition: Condition) -> Mask:
        paths: set[str] = set()
        for alternative in condition.alternatives:
            paths |= self._saying(condition, alternative)
        mask = self.mask(paths)
        return ~mask if condition.negated else mask

    def _saying(self, condition: Condition, alternative: Alternative) -> set[str]:
        if condition.field == "kind":
            return {path for path, _ in self._catalogue.sections(_kind(alternative.text))}
        if condition.field == "has":
            return self._having(alternative.text)
        paths: set[str] = set()
        if alternative.words:
            paths |= self._catalogue.paths_with_words(condition.field, alternative.words)
        if alternative.comparisons:
            values = self._catalogue.values(condition.field, amounts=True)
            fitting = [value for value in values if alternative.compares(value)]
            paths |= self._catalogue.paths_with_values(condition.field, fitting)
        return paths

    def _having(self, name: str) -> set[str]:
        kind = next((kind for kind in Kind if kind.value == name.casefold()), None)
        sections = {path for path, _ in self._catalogue.sections(kind)} if kind else set()
        key = folded_key(name) if kind else known_field(name, self.fields | set(Kind))
        return sections | self._catalogue.paths_with(key)

    def _passages(self, conditions: Sequence[Condition]) -> Mask | None:
        """Mark the passages of the kinds of section that were asked for."""
        asked = [condition for condition in conditions if condition.field == "kind" and not condition.negated]
        if not asked:
            return None
        mask = np.zeros(self._first_passage[-1], bool)
        for kind in {_kind(alternative.text) for condition in asked for alternative in condition.alternatives}:
            places = self._catalogue.sections(kind)
            mask[[self._first_passage[self._numbers[path]] + ordinal for path, ordinal in places]] = True
        return mask

    def _why_nothing(self, conditions: Sequence[Condition], masks: Sequence[Mask]) -> list[str]:
        unmet = [condition for condition, mask in zip(conditions, masks, strict=True) if not mask.any()]
        if unmet:
            return [self._why_unmet(condition) for condition in unmet]
        counts = zip(conditions, masks, strict=True)
        each = ", ".join(f"{condition} alone has {np.count_nonzero(mask):,}" for condition, mask in counts)
        return [f"no lesson meets all filters: {each}"]

    def _why_unmet(self, condition: Condition) -> str:
        if condition.negated:
            return f"every lesson has {condition.said}, so that {condition} leaves none"
        if condition.field in ("kind", "has"):
            return f"no lesson has {condition}"
        values = self._catalogue.values(condition.field)
        if not values:
            return f"no lesson has {condition}, nor any other {condition.field}"
        near = _nearest([words for words in condition.words if words], values)
        if near:
            return f"no lesson has {condition}; nearest: {near}"
        amounts = sorted_amounts(values)
        theirs = f"; theirs go from {amounts[0]} to {amounts[-1]}" if amounts and not any(condition.words) else ""
        return f"no lesson has {condition}{theirs}"


def _nearest(asked: Collection[str], values: Sequence[str]) -> str | None:
    """Return the value, or the word of one, that is written most like what was asked."""
    compared = [value for value in values[:_MOST_COMPARED] if len(value) <= _LONGEST_COMPARED]
    written = {word: word for value in compared for word in folded_words(value).split()}
    written |= {folded_words(value).strip(): value for value in compared}
    for words in asked:
        if near := difflib.get_close_matches(words, written, 1):
            return written[near[0]]
    return None


def _kind(name: str) -> Kind:
    try:
        return Kind(name.strip().casefold())
    except ValueError:
        near = difflib.get_close_matches(name.casefold(), list(Kind), 1)
        nearest = f"nearest: {near[0]}" if near else f"the kinds are {', '.join(Kind)}"
        raise QueryError(f"there is no kind of section {name!r}; {nearest}") from None
