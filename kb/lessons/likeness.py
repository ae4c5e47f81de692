"""Compares the front matter of two lessons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.lesson import Lesson

if TYPE_CHECKING:
    from kb.forms.find import search as forms

CONDITIONS = ("applies when", "not when")


@dataclass(frozen=True, slots=True)
class Likeness:
    """The comparison of two lessons, by `tags`, `unit`, `area`, `applies when`, `not when`; empty ones are left out."""

    shared: Mapping[str, tuple[str, ...]]
    """Values that both lessons have."""
    differs: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]
    """Values that only the first has, and values that only the second has."""

    def as_json(self) -> forms.Comparison:
        return {
            "shared": {name: list(values) for name, values in self.shared.items()},
            "differs": {name: [list(subject), list(other)] for name, (subject, other) in self.differs.items()},
        }


def likeness(subject: Lesson, other: Lesson) -> Likeness:
    """Compare the front matter of two lessons, ignoring case."""
    shared, differs = {}, {}
    for (name, subject_values), other_values in zip(
        _values_by_key(subject).items(), _values_by_key(other).values(), strict=True
    ):
        folded = {value.casefold() for value in other_values}
        if both := tuple(value for value in subject_values if value.casefold() in folded):
            shared[name] = both
        ours_only, theirs_only = _without(subject_values, both), _without(other_values, both)
        if ours_only or theirs_only:
            differs[name] = (ours_only, theirs_only)
    return Likeness(shared, differs)


def _values_by_key(lesson: Lesson) -> dict[str, tuple[str, ...]]:
    areas = dict.fromkeys(impact.area for impact in lesson.impact if impact.area)
    return {
        "tags": lesson.tags,
        "unit": (lesson.unit,) if lesson.unit else (),
        "area": tuple(areas),
        **dict(zip(CONDITIONS, (lesson.applies_when, lesson.not_when), strict=True)),
    }


def _without(values: Sequence[str], left_out: Sequence[str]) -> tuple[str, ...]:
    folded = {value.casefold() for value in left_out}
    return tuple(value for value in values if value.casefold() not in folded)
