"""What interventions brought: effects gathered by area, kind, design, unit or year."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from kb.gains.costs import Costs, costs_of
from kb.impact.effect import GAIN, LOSS, OUTCOMES, Effect
from kb.impact.lesson_impact import LessonHead, LessonImpact
from kb.impact.units import Unit
from kb.lessons.evidence import EVIDENCE_IN_WORDS, GRADES, WELL_SHOWN

if TYPE_CHECKING:
    from kb.forms.find import impact as forms

NOT_STATED = "not stated"


class By(StrEnum):
    """By what effects are gathered."""

    AREA = "area"
    KIND = "kind"
    DESIGN = "design"
    UNIT = "unit"
    YEAR = "year"


class Entry(NamedTuple):
    """An effect, and the lesson that has it."""

    head: LessonHead
    unit: str
    """The unit or company of the lesson."""
    status: str
    effect: Effect

    @property
    def place(self) -> str:
        return f"{self.head.path}:{self.effect.line}"

    def as_json(self) -> forms.ImpactEntry:
        return {
            "id": self.head.id,
            "title": self.head.title,
            "path": self.head.path,
            "date": self.head.date or None,
            "status": self.status or None,
            "organisation": self.unit or None,
            **self.effect.as_json(),
        }


class Total(NamedTuple):
    """The gains in one unit and period, added up."""

    unit: Unit
    gain: float
    credited: float
    """The part that is credited to the interventions; entries that state no share count in full."""
    well_shown: float
    """What is credited in entries whose grade is one of `WELL_SHOWN`."""
    entries: int
    gains: int
    losses: int
    uncredited: int
    """Number of entries of which it is not known what is credited; they are not in `credited`."""

    def as_json(self) -> forms.GainTotal:
        return {
            "unit": self.unit.name,
            "gain": self.gain,
            "credited": self.credited,
            "well_shown": self.well_shown,
            "entries": self.entries,
            "gains": self.gains,
            "losses": self.losses,
            "uncredited": self.uncredited,
            "per": self.unit.per or None,
        }


class Middle(NamedTuple):
    """The median gain in one unit."""

    unit: str
    median: float
    entries: int
    measures: int
    """Number of different metrics among them."""

    def as_json(self) -> forms.MedianGain:
        return {"unit": self.unit, "median": self.median, "entries": self.entries, "measures": self.measures}


class Group(NamedTuple):
    """The effects of one area, kind, design, unit or year."""

    name: str
    lessons: int
    measured_lessons: int
    entries: int
    measured: int
    grades: Mapping[str, int]
    """Number of measured entries by grade, the strongest first."""
    outcomes: Mapping[forms.Outcome, int]
    """Number of measured entries by what they come to, for each of `OUTCOMES`."""
    totals: tuple[Total, ...]
    medians: tuple[Middle, ...]
    """The largest numbers of entries first."""
    relative: Middle | None
    """The median relative gain, in per cent."""

    def as_json(self) -> forms.ImpactGroup:
        return {
            "name": self.name,
            "lessons": self.lessons,
            "measured_lessons": self.measured_lessons,
            "entries": self.entries,
            "measured": self.measured,
            "grades": dict(self.grades),
            "outcomes": dict(self.outcomes),
            "totals": [total.as_json() for total in self.totals],
            "medians": [middle.as_json() for middle in self.medians],
            "relative": self.relative.as_json() if self.relative else None,
        }


@dataclass(frozen=True)
class ImpactReport:
    """The impact of lessons."""

    by: By
    impacts: tuple[tuple[LessonHead, LessonImpact], ...]
    notes: tuple[str, ...] = ()
    """Why there are no lessons, which are left out, and what is not validated."""

    @property
    def lessons(self) -> int:
        return len(self.impacts)

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """The measured ones, the best shown first."""
        return tuple(sorted((entry for entry in self._all if entry.effect.is_measured), key=_strongest_first))

    @cached_property
    def unmeasured(self) -> tuple[Entry, ...]:
        """Entries without a figure, which say why, or only the direction."""
        return tuple(entry for entry in self._all if not entry.effect.is_measured)

    @cached_property
    def _all(self) -> tuple[Entry, ...]:
        return tuple(
            Entry(head, impact.unit, impact.status, effect)
            for head, impact in self.impacts
            for effect in impact.effects
        )

    @property
    def measured_lessons(self) -> int:
        """Number of lessons with at least one figure."""
        return _lessons_of(self.entries)

    @property
    def silent_lessons(self) -> int:
        """Number of lessons without any entry."""
        return sum(not impact.effects for _, impact in self.impacts)

    @cached_property
    def whole(self) -> Group:
        """All effects together."""
        return _group("all", self._all, self.lessons)

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        return self.grouped(self.by)

    def grouped(self, by: By) -> tuple[Group, ...]:
        """Return the groups by name; by year the latest first, and what is not stated last."""
        found: defaultdict[str, list[Entry]] = defaultdict(list)
        for entry in self._all:
            found[_NAMES[by](entry) or NOT_STATED].append(entry)
        counts = self._lessons_by(by)
        names = sorted({*found, *counts}, reverse=by is By.YEAR)
        names.sort(key=lambda name: name == NOT_STATED)
        return tuple(_group(name, found[name], counts[name] if counts else _lessons_of(found[name])) for name in names)

    def _lessons_by(self, by: By) -> Counter[str]:
        """Return the number of lessons of each unit or year, also without impact; empty for other groups."""
        if by is By.UNIT:
            return Counter(impact.unit or NOT_STATED for _, impact in self.impacts)
        return Counter(head.date[:4] or NOT_STATED for head, _ in self.impacts) if by is By.YEAR else Counter()

    @cached_property
    def losses(self) -> tuple[Entry, ...]:
        """The measured entries that got worse, the best shown first."""
        return tuple(entry for entry in self.entries if entry.effect.outcome == LOSS)

    @cached_property
    def costs(self) -> Costs:
        return costs_of(self.impacts)

    def as_json(self) -> forms.ImpactReport:
        return {
            "by": self.by.value,
            "lessons": self.lessons,
            "measured_lessons": self.measured_lessons,
            "lessons_without_entry": self.silent_lessons,
            "notes": list(self.notes),
            "all": self.whole.as_json(),
            "groups": [group.as_json() for group in self.groups],
            "costs": self.costs.as_json(),
            "returns": [each.as_json() for each in self.costs.returns],
            "return_totals": [total.as_json() for total in self.costs.return_totals],
            "entries": [entry.as_json() for entry in self.entries],
            "not_measured": [entry.as_json() for entry in self.unmeasured],
        }


def _strongest_first(entry: Entry) -> tuple[str, bool, float, str, int]:
    effect = entry.effect
    assert effect.evidence
    return effect.evidence.grade, effect.low is None, -(effect.relative_gain or 0.0), entry.head.path, effect.line


_NAMES: Mapping[By, Callable[[Entry], str]] = {
    By.AREA: lambda entry: entry.effect.area,
    By.KIND: lambda entry: entry.effect.kind,
    By.DESIGN: lambda entry: EVIDENCE_IN_WORDS.get(entry.effect.design, entry.effect.design),
    By.UNIT: lambda entry: entry.unit,
    By.YEAR: lambda entry: entry.head.date[:4],
}


def _lessons_of(entries: Iterable[Entry]) -> int:
    return len({entry.head.path for entry in entries})


def _group(name: str, entries: Sequence[Entry], lessons: int) -> Group:
    measured = [entry for entry in entries if entry.effect.is_measured]
    grades: Counter[str] = Counter(entry.effect.evidence.grade for entry in measured if entry.effect.evidence)
    outcomes = Counter(entry.effect.outcome for entry in measured)
    relative = [entry.effect for entry in measured if entry.effect.relative_gain is not None]
    return Group(
        name=name,
        lessons=lessons,
        measured_lessons=_lessons_of(measured),
        entries=len(entries),
        measured=len(measured),
        outcomes={name: outcomes[name] for name in OUTCOMES},
        grades={grade: grades[grade] for grade in GRADES if grades[grade]},
        totals=tuple(_totals(measured)),
        medians=tuple(_medians(measured)),
        relative=_relative(relative) if relative else None,
    )


def _totals(entries: Iterable[Entry]) -> list[Total]:
    """Add up what may be added: money of one currency and period, neither prices nor averages."""
    sums: defaultdict[Unit, list[Effect]] = defaultdict(list)
    for entry in entries:
        if entry.effect.is_addable and entry.effect.gain is not None:
            sums[entry.effect.unit].append(entry.effect)
    found = [_total(unit, effects) for unit, effects in sums.items()]
    return sorted(found, key=lambda total: (-total.entries, total.unit))


def _total(unit: Unit, effects: Sequence[Effect]) -> Total:
    gain = _sum(each.gain for each in effects)
    outcomes = Counter(each.outcome for each in effects)
    counts = outcomes[GAIN], outcomes[LOSS], sum(not each.is_share_clear for each in effects)
    return Total(unit, gain, _credited(effects), _credited(_well_shown(effects)), len(effects), *counts)


def _credited(effects: Iterable[Effect]) -> float:
    return _sum(effect.credited for effect in effects)


def _well_shown(effects: Iterable[Effect]) -> Iterator[Effect]:
    return (effect for effect in effects if effect.evidence and effect.evidence.grade in WELL_SHOWN)


def _sum(values: Iterable[float | None]) -> float:
    return sum(value or 0.0 for value in values)


def _medians(entries: Iterable[Entry]) -> list[Middle]:
    """Return the median gain in each unit that is not added up: days of two processes are not days together.

    Figures without a unit are left out, as nothing says that they agree.
    """
    by_unit: defaultdict[Unit, list[Effect]] = defaultdict(list)
    for entry in entries:
        if entry.effect.gain is not None and not entry.effect.is_addable:
            by_unit[entry.effect.unit].append(entry.effect)
    gains: defaultdict[str, list[Effect]] = defaultdict(list)
    for unit, effects in by_unit.items():
        if unit.name or unit.per:
            gains[str(unit.of_change)] += effects
    found = [_middle(name, effects, [effect.gain or 0.0 for effect in effects]) for name, effects in gains.items()]
    return sorted(found, key=lambda middle: (-middle.entries, middle.unit))


def _relative(effects: Sequence[Effect]) -> Middle:
    return _middle("%", effects, [(effect.relative_gain or 0.0) * 100 for effect in effects])


def _middle(unit: str, effects: Sequence[Effect], values: Sequence[float]) -> Middle:
    measures = {effect.metric.casefold() or effect.area for effect in effects}
    return Middle(unit, _median(values), len(effects), len(measures))


def _median(values: Sequence[float]) -> float:
    """Return the median; the standard library's takes longer to import than all the rest of this."""
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(values) % 2 else (ordered[half - 1] + ordered[half]) / 2
