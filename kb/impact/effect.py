"""The effect of one impact entry, with everything that is computed from it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import isfinite
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ingest.format import Impact
from kb.figures.amounts import read_amount
from kb.figures.changes import read_change
from kb.figures.entry import Figures, figures_of
from kb.impact.attribution import credited_share
from kb.impact.change import change_of
from kb.impact.direction import good_direction
from kb.impact.estimate import estimate_of
from kb.impact.methods import METHODS
from kb.impact.proportions import LEVEL
from kb.impact.units import Unit, currency_of, is_addable, is_scaled, unit_of
from kb.lessons.evidence import Evidence, evidence_of
from kb.lessons.phrase import phrase_of
from kb.lessons.stated import stated

if TYPE_CHECKING:
    from kb.forms.find import impact as forms

GAIN: Final = "gain"
LOSS: Final = "loss"
UNCHANGED: Final = "unchanged"
UNCLEAR: Final = "unclear"
OUTCOMES: tuple[forms.Outcome, ...] = (GAIN, LOSS, UNCHANGED, UNCLEAR)
"""What a measured entry comes to; `unclear` if its change or the good direction is not known."""
_LONGEST = 500
"""Characters of a text that are read and shown; the rest of a longer one is in the lesson."""


class Effect(NamedTuple):
    """An effect. Figures that are not known are None; amounts are in `unit`, changes in `unit.of_change`."""

    line: int
    """Of the entry in the lesson's file, from 1."""
    words: str
    """What the entry says, as a phrase; empty if it says nothing but its note."""
    note: str
    area: str
    metric: str
    kind: str
    design: str
    is_addable: bool
    """Whether its amount may be added to others of the same unit."""
    before: float | None
    after: float | None
    change: float | None
    relative: float | None
    """The change as a fraction of the figure before."""
    effect: float | None
    """The change that the design shows: corrected by the control or the trend if there is one."""
    low: float | None
    high: float | None
    """Bounds of the effect at 95 %; with the method `result`, of the figure after."""
    method: str
    """A key of `METHODS`; empty if nothing is measured."""
    direction: int
    """1 if more is better, -1 if less is, 0 if unknown."""
    share: float | None
    """The share credited to the intervention; None if not stated, or not readable."""
    is_share_clear: bool
    """False if a share is stated that cannot be read: then nothing is known of what is credited."""
    target: float | None
    reached: float | None
    """The part of the way from before to the target that was reached."""
    gain: float | None
    """The effect in the good direction; negative is a loss; None if one of both is unknown."""
    relative_effect: float | None
    """The effect as a fraction of the figure before; without figures the relative change as stated."""
    relative_gain: float | None
    """The relative effect in the good direction."""
    credited: float | None
    """The gain times the share that is credited to the intervention; all of it if no share is stated.

    None if the share cannot be read.
    """
    outcome: forms.Outcome
    evidence: Evidence | None
    """None if it is not measured."""
    unit: Unit
    """Of the figures."""
    notes: tuple[str, ...]
    """What is unclear, and what a reader must know of the estimate."""

    @property
    def is_measured(self) -> bool:
        return self.evidence is not None

    @property
    def is_target_met(self) -> bool | None:
        """Whether the figure after is at least as good as the target; None if one of them is not known."""
        if self.after is None or self.target is None or not self.direction:
            return None
        return (self.after - self.target) * self.direction >= 0

    def as_json(self) -> forms.Effect:
        """Return the object of `--json`."""
        return {
            "line": self.line,
            "words": self.words,
            "note": self.note or None,
            "measured": self.is_measured,
            "area": self.area or None,
            "metric": self.metric or None,
            "kind": self.kind or None,
            "design": self.design or None,
            "evidence": self.evidence.as_json() if self.evidence else None,
            "unit": self.unit.as_json(),
            "addable": self.is_addable,
            "before": self.before,
            "after": self.after,
            "change": self.change,
            "relative": self.relative,
            "effect": self.effect,
            "interval": None if self.low is None else {"low": self.low, "high": self.high, "level": LEVEL},
            "method": {"key": self.method, "name": str(METHODS[self.method])} if self.method else None,
            "outcome": self.outcome,
            "relative_effect": self.relative_effect,
            "good": "up" if self.direction > 0 else "down" if self.direction < 0 else None,
            "gain": self.gain,
            "share": self.share,
            "credited": self.credited,
            "target": self.target,
            "target_met": self.is_target_met,
            "reached": self.reached,
            "notes": list(self.notes),
        }


def effect_of(impact: Impact, line: int = 1) -> Effect:
    """Compute the effect of an entry."""
    impact = impact.with_texts(_cut)
    entry = impact.with_texts(stated)
    evidence, figures = evidence_of(impact), figures_of(entry)
    unit = unit_of(_written_unit(entry), entry.period, entry.metric)
    direction = good_direction(entry, unit)
    change = change_of(entry, figures, unit, direction)
    estimate = estimate_of(entry, figures, change)
    share = credited_share(entry.attributed) if entry.attributed else None
    interval = estimate.interval
    before, effect, relative, share = map(_rounded, (figures.before, estimate.value, change.relative, share))
    relative_effect = effect / before if effect is not None and before is not None and before > 0 else relative
    gain, relative_gain = _turned(effect, direction), _turned(relative_effect, direction)
    is_share_clear = share is not None or not entry.attributed
    notes = [
        *figures.notes,
        *change.notes,
        *(estimate.notes if evidence else ()),
        *_doubts(entry, unit, direction, share),
    ]
    if interval and interval.low <= 0 <= interval.high:
        notes.append("the interval includes no change: it may be chance")
    return Effect(
        line=line,
        words=phrase_of(impact),
        note=impact.note,
        area=entry.area,
        metric=entry.metric,
        kind=entry.kind,
        design=entry.design,
        evidence=evidence,
        unit=unit,
        is_addable=is_addable(unit, entry.metric) and not is_scaled(entry.unit),
        before=before,
        after=_rounded(figures.after),
        change=_rounded(change.amount),
        relative=relative,
        effect=effect,
        low=_rounded(interval.low) if interval else None,
        high=_rounded(interval.high) if interval else None,
        method=estimate.method if evidence else "",
        direction=direction,
        share=share,
        is_share_clear=is_share_clear,
        target=_rounded(figures.target),
        reached=_rounded(_reached(figures)),
        gain=gain,
        relative_effect=relative_effect,
        relative_gain=relative_gain,
        credited=gain * (1.0 if share is None else share) if gain is not None and is_share_clear else None,
        outcome=_outcome(gain if gain is not None else relative_gain, effect if effect is not None else relative),
        notes=tuple(notes if evidence else figures.notes),
    )


def _written_unit(entry: Impact) -> str:
    """Return the unit of the figures; of a change only if it is no percentage or factor, which are of the change."""
    if entry.unit:
        return entry.unit
    for text in (entry.after, entry.before):
        if found := currency_of(text) or ((amount := read_amount(text)) and amount.unit):
            return found
    if currency := currency_of(entry.change):
        return currency
    stated_change = read_change(entry.change)
    unit = stated_change.unit if stated_change else ""
    return "" if unit in ("%", "times") else "percentage points" if unit == "point" else unit


def _doubts(entry: Impact, unit: Unit, direction: int, share: float | None) -> list[str]:
    doubts = []
    if not direction:
        doubts.append("whether more or less is better is not known: write `better: less` or `better: more`")
    if unit.is_money and is_scaled(entry.unit):
        doubts.append(f"unit {entry.unit!r}: not added to other money; write the whole amounts")
    if entry.attributed and share is None:
        doubts.append(f"attributed: {entry.attributed!r} cannot be read as a share, so what is credited is not known")
    return doubts


def _reached(figures: Figures) -> float | None:
    before, after, target = figures.before, figures.after, figures.target
    if before is None or after is None or target is None or target == before:
        return None
    return (after - before) / (target - before)


def _turned(change: float | None, direction: int) -> float | None:
    """Return a change in the good direction; None if the change or the direction is unknown."""
    return None if change is None or not direction else change * direction


def _outcome(gain: float | None, change: float | None) -> forms.Outcome:
    if gain is None:
        return UNCHANGED if change == 0 else UNCLEAR
    return GAIN if gain > 0 else LOSS if gain < 0 else UNCHANGED


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}\u2026"


def _rounded(value: float | None) -> float | None:
    """Return a number with ten digits, so that an index does not depend on the last bits of a computation."""
    return None if value is None or not isfinite(value) else float(f"{value:.10g}")


def effect_of_row(row: Sequence[Any]) -> Effect:
    """Return the effect that was stored as a list of its fields; raises `TypeError` or `ValueError` for other data."""
    *fields, evidence, unit, notes = row
    return Effect._make((*fields, _evidence(*evidence) if evidence else None, _unit(*unit), tuple(notes)))


# The same few units and grades stand in thousands of effects.
_unit = lru_cache(maxsize=1024)(Unit)
_evidence = lru_cache(maxsize=1024)(Evidence)
