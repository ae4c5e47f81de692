"""Applies the filters of a query: which lessons and passages an answer may have, by the facts of the lessons."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ingest.kinds import Kind
from ingest.lesson import KEYS, folded_key
from kb.catalogue.catalogue import Catalogue
from kb.catalogue.outline import Outline
from kb.lessons.evidence import FIELD, SCALES
from search.errors import DamagedIndex, QueryError
from search.query import known_field, nearest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from search.query import Alternative, Condition

    Mask = NDArray[np.bool_]

# Most values, and longest in characters, that are compared with a value that no lesson has, to suggest the nearest.
_MOST_COMPARED = 5000
_LONGEST_COMPARED = 80


class Restriction(NamedTuple):
    """The lessons and passages that an answer may have; None means all."""

    lessons: Mask | None = None
    """Shape (lessons,), by lesson number."""
    passages: Mask | None = None
    """Shape (passages,), by passage number."""
    notes: tuple[str, ...] = ()
    """Why no lesson is left; empty otherwise."""


class FactFilters:
    """Evaluates filters over the lessons of a snapshot."""

    def __init__(self, catalogue: Catalogue, outline: Outline, passages_of: NDArray[np.int32]) -> None:
        self._catalogue = catalogue
        self._outline = outline
        self._paths = outline.paths
        self._passages_of = passages_of
        self._known_sections: dict[Kind, Mask] = {}

    @classmethod
    def of(cls, catalogue: Catalogue) -> FactFilters:
        """Return the filters of a catalogue, for callers that have nothing else open."""
        return cls(catalogue, catalogue.outline(), np.array(catalogue.passages_of(), np.int32))

    def paths(self, conditions: Sequence[Condition]) -> tuple[set[str], tuple[str, ...]]:
        """Return the paths of the lessons that meet all conditions, and notes if none does; raises `QueryError`."""
        restriction = self.restriction(conditions)
        meeting = np.ones(len(self._paths), bool) if restriction.lessons is None else restriction.lessons
        return {path for path, meets in zip(self._paths, meeting, strict=True) if meets}, restriction.notes

    @cached_property
    def fields(self) -> frozenset[str]:
        """All keys of the format and of the lessons, at any depth, as paths with dots."""
        keys = [key.split(".") for key in self._known_keys]
        return KEYS | {FIELD} | {".".join(parts[:depth]) for parts in keys for depth in range(1, len(parts) + 1)}

    def condition(self, field: str, text: str) -> Condition:
        """Parse a condition; raises `QueryError` for an unknown field, and as `parse_condition` does."""
        from search.query import parse_condition  # imported here, because most searches have no filter

        known_field(field, self.fields)
        return parse_condition(field, text, scales=SCALES)

    def restriction(self, conditions: Sequence[Condition]) -> Restriction:
        """Return the lessons and passages that meet all conditions; raises `QueryError` for an unknown kind or key."""
        if not conditions:
            return Restriction()
        masks = [self._meeting(condition) for condition in conditions]
        lessons = np.logical_and.reduce(masks)
        notes = () if lessons.any() else tuple(self._why_nothing(conditions, masks))
        return Restriction(lessons, self._passages(conditions), notes)

    def mask(self, paths: Iterable[str]) -> Mask:
        """Return the mask of the lessons with these paths, shape (lessons,)."""
        mask = np.zeros(len(self._paths), bool)
        mask[[self._numbers[path] for path in paths]] = True
        return mask

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {path: number for number, path in enumerate(self._paths)}

    def _meeting(self, condition: Condition) -> Mask:
        mask = np.zeros(len(self._paths), bool)
        for alternative in condition.alternatives:
            mask |= self._rows_with(condition.field, alternative)
        return ~mask if condition.negated else mask

    def _rows_with(self, field: str, alternative: Alternative) -> Mask:
        if field == "kind":
            return self._with_sections(_kind(alternative.text))
        if field == "has":
            return self._having(alternative.text)
        return self._of_rows(self._catalogue.facts.lessons_with(self._keys(field), alternative))

    def _having(self, name: str) -> Mask:
        kind = next((kind for kind in Kind if kind.value == name.casefold()), None)
        key = folded_key(name) if kind else known_field(name, self.fields | set(Kind))
        mask = self._of_rows(self._catalogue.facts.lessons_with_any(self._keys(key)))
        return mask | self._with_sections(kind) if kind else mask

    def _with_sections(self, kind: Kind) -> Mask:
        mask = np.zeros(len(self._paths), bool)
        mask[np.repeat(np.arange(len(self._paths)), self._passages_of)[self._sections(kind)]] = True
        return mask

    def _keys(self, field: str) -> list[int]:
        """Return the ids of the field's key, and of the keys below it, that occur in lessons."""
        return [number for key, number in self._known_keys.items() if f"{key}.".startswith(f"{field}.")]

    def _of_rows(self, rows: Iterable[int]) -> Mask:
        mask = np.zeros(len(self._paths), bool)
        mask[self._outline.numbers_of(rows)] = True
        return mask

    @cached_property
    def _known_keys(self) -> dict[str, int]:
        return self._catalogue.facts.keys()

    def _passages(self, conditions: Sequence[Condition]) -> Mask | None:
        """Return the mask of the passages of all kinds in the conditions; None if no condition names a kind."""
        with_kind = [condition for condition in conditions if condition.field == "kind" and not condition.negated]
        if not with_kind:
            return None
        kinds = {_kind(alternative.text) for condition in with_kind for alternative in condition.alternatives}
        mask: Mask = np.logical_or.reduce([self._sections(kind) for kind in kinds])
        return mask

    def _sections(self, kind: Kind) -> Mask:
        """Return the mask of the passages of a kind of section, shape (passages,); cached."""
        if kind not in self._known_sections:
            first = [0, *np.cumsum(self._passages_of).tolist()]
            mask = np.zeros(first[-1], bool)
            places = self._catalogue.sections(kind)
            for path, ordinal in places:
                number = self._numbers.get(path, -1)
                if number < 0 or not 0 <= ordinal < first[number + 1] - first[number]:
                    raise DamagedIndex("catalogue and outline do not match: a passage belongs to no lesson")
                mask[first[number] + ordinal] = True
            self._known_sections[kind] = mask
        return self._known_sections[kind]

    def _why_nothing(self, conditions: Sequence[Condition], masks: Sequence[Mask]) -> list[str]:
        unmet = [condition for condition, mask in zip(conditions, masks, strict=True) if not mask.any()]
        if unmet:
            return [self._why_unmet(condition) for condition in unmet]
        counts = zip(conditions, masks, strict=True)
        each = ", ".join(f"{condition} alone has {np.count_nonzero(mask):,}" for condition, mask in counts)
        return [f"no lesson meets all filters: {each}"]

    def _why_unmet(self, condition: Condition) -> str:
        if condition.negated:
            return f"every lesson meets {condition.typed}, so that {condition} leaves none"
        if condition.field in ("kind", "has"):
            return f"no lesson meets {condition}"
        keys = self._keys(condition.field)
        if not keys:
            return f"no lesson has {condition}, nor any other {condition.field}"
        values = self._catalogue.facts.values(keys)
        near = _nearest([words for words in condition.words if words], values)
        if near:
            return f"no lesson has {condition}; nearest: {near}"
        from search.query import sorted_amounts

        amounts = sorted_amounts(values)
        span = f"; the values go from {amounts[0]} to {amounts[-1]}" if amounts and not any(condition.words) else ""
        return f"no lesson has {condition}{span}"


def _nearest(words_given: Collection[str], values: Sequence[str]) -> str | None:
    """Return the value, or word of a value, with the most similar spelling to one of `words_given`."""
    from search.query import folded_words

    compared = [value for value in values[:_MOST_COMPARED] if len(value) <= _LONGEST_COMPARED]
    written = {word: word for value in compared for word in folded_words(value).split()}
    written |= {folded_words(value).strip(): value for value in compared}
    for words in words_given:
        if near := nearest(words, written):
            return written[near[0]]
    return None


def _kind(name: str) -> Kind:
    try:
        return Kind(name.strip().casefold())
    except ValueError:
        near = nearest(name, Kind)
        instead = f"nearest: {near[0]}" if near else f"the kinds are {', '.join(Kind)}"
        raise QueryError(f"there is no kind of section {name!r}; {instead}") from None
