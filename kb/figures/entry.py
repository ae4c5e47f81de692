"""The figures of an impact entry as numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from ingest.format import Impact, Series
from kb.figures.amounts import folded_unit, read_amount
from kb.figures.changes import read_change
from search.query import two_readings

_PARTS: Mapping[str, float] = {
    **dict.fromkeys(("half", "a half", "one half", "halved"), 0.5),
    **dict.fromkeys(("a third", "one third"), 1 / 3),
    **dict.fromkeys(("two thirds", "two-thirds"), 2 / 3),
    **dict.fromkeys(("a quarter", "one quarter"), 0.25),
    **dict.fromkeys(("three quarters", "three-quarters"), 0.75),
    **dict.fromkeys(("double", "doubled", "twice", "twofold"), 2.0),
    **dict.fromkeys(("triple", "tripled", "trebled", "threefold"), 3.0),
    **dict.fromkeys(("quadrupled", "fourfold"), 4.0),
}
_NUMERALS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_LOOSELY = re.compile(r"^(?:(?:about|around|roughly|nearly|almost|some|only|~)\s+)+")
NO_CHANGE = re.compile(r"no change|unchanged|the same|stable")
_CODE = re.compile(r"^(?:[A-Z]{3}) ?")
_COUNT = re.compile(r"\d[\d,.' ]*")
_SMALLEST, _LARGEST = 1e-12, 1e15
_TAIL = re.compile(r"\s(?:of|as|what|the|that)\b.*")
_PRECISION = {
    "about": "is only about right",
    "at least": "is a lower bound, which counts",
    "at most": "is an upper bound, which counts",
    "range": "is a range, whose middle counts",
}


UNREADABLE = ("cannot be read", "has two readings", "has another unit", "of what?", "is no number of cases")
"""Parts of the notes on figures that do not count."""


class Figures(NamedTuple):
    """The figures of an entry; None and empty if not given or not readable."""

    before: float | None = None
    after: float | None = None
    target: float | None = None
    control_before: float | None = None
    control_after: float | None = None
    series: tuple[tuple[float, ...], tuple[float, ...]] = ((), ())
    """Before and after."""
    control_series: tuple[tuple[float, ...], tuple[float, ...]] = ((), ())
    n: tuple[float, float] | None = None
    """How many were measured before and after."""
    control_n: tuple[float, float] | None = None
    has_result: bool = False
    """Whether a figure of the result or of the change can be read, in whatever unit."""
    has_change: bool = False
    """Whether the result can be compared: it has a readable change, or a figure in the unit of the others."""
    notes: tuple[str, ...] = ()
    """What could not be read, and what is not exact."""

    @property
    def change(self) -> float | None:
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def control_change(self) -> float | None:
        before, after = self.control_before, self.control_after
        return None if before is None or after is None else after - before


def figures_of(entry: Impact) -> Figures:
    """Read the figures of an entry whose placeholders are empty texts."""
    reader = _Reader(entry)
    series, control = reader.series("series", entry.series), reader.series("control.series", entry.control.series)
    before = reader.figure("before", entry.before)
    after = reader.figure("after", entry.after, before)
    control_before = reader.figure("control.before", entry.control.before)
    has_change = (after is not None and not reader.differs) or bool(series[1]) or _is_figure(entry.change)
    return Figures(
        before=_or_mean(before, series[0], entry.before),
        after=_or_mean(after, series[1], entry.after),
        has_result=has_change or "after" in reader.differs,
        has_change=has_change,
        target=reader.figure("target", entry.target, before),
        control_before=_or_mean(control_before, control[0], entry.control.before),
        control_after=_or_mean(
            reader.figure("control.after", entry.control.after, control_before), control[1], entry.control.after
        ),
        series=series,
        control_series=control,
        n=reader.counts("n", entry.n),
        control_n=reader.counts("control.n", entry.control.n),
        notes=tuple(reader.notes),
    )


def _or_mean(figure: float | None, series: tuple[float, ...], written: str) -> float | None:
    return sum(series) / len(series) if series and not written else figure


def _is_figure(change: str) -> bool:
    stated = read_change(change)
    return bool(NO_CHANGE.fullmatch(change.casefold())) or bool(stated and stated.value is not None)


def count_of(text: str) -> float | None:
    """Return the first number of a text such as `3,100 parcels`; None if there is none."""
    found = _COUNT.search(text)
    digits = re.sub(r"[,' ]", "", found[0]).rstrip(".") if found else ""
    return float(digits) if digits.count(".") <= 1 and digits else None


class _Reader:
    """Reads figures and notes what is unclear."""

    def __init__(self, entry: Impact) -> None:
        self.notes: list[str] = []
        self.differs: list[str] = []
        """Keys of the figures that have another unit than the first one."""
        self._unit = folded_unit(entry.unit)

    def figure(self, key: str, text: str, base: float | None = None) -> float | None:
        """Return a figure; `base` is what `half` or `doubled` refers to."""
        if not text:
            return None
        if (part := _part(text)) is not None:
            return self._of_base(key, text, part, base)
        amount = read_amount(text)
        if amount is None and (readings := two_readings(_CODE.sub("", text).strip())):
            self.notes.append(f"{key}: {text!r} has two readings; write {' or '.join(readings)}")
            return None
        if amount is None or not _can_count(amount.value):
            self.notes.append(f"{key}: {text!r} cannot be read as a figure")
            return None
        if amount.unit and self._unit and amount.unit != self._unit:
            self.differs.append(key)
            self.notes.append(f"{key}: {text!r} has another unit than {self._unit!r}")
            return None
        self._unit = self._unit or amount.unit
        if amount.precision:
            self.notes.append(f"{key} {_PRECISION[amount.precision]}: {text}")
        return amount.value

    def _of_base(self, key: str, text: str, part: float, base: float | None) -> float | None:
        if base is None and self._unit == "%" and part < 1:
            return part * 100
        if base is None:
            self.notes.append(f"{key}: {text!r} of what? the figure is not given")
        return None if base is None else base * part

    def series(self, key: str, series: Series) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """Return the figures of a series; both are empty if one cannot be read, as then their times are unknown."""
        read = {text: _number(text) for part in series for text in part}
        if wrong := [text for text, number in read.items() if number is None]:
            self.notes.append(f"{key}: {wrong[0][:50]!r} cannot be read as a figure, so the series does not count")
            return (), ()
        before, after = (tuple(read[text] or 0.0 for text in part) for part in series)
        return before, after

    def counts(self, key: str, text: str) -> tuple[float, float] | None:
        """Return how many were measured before and after; one number counts for both."""
        if not text:
            return None
        numbers = [count for part in re.split(r"[;/]|,\s|\band\b", text)[:2] if (count := count_of(part)) is not None]
        if (
            not numbers
            or not all(1 <= number < _LARGEST for number in numbers)
            or text.lstrip().startswith(("-", "\u2212"))
        ):
            self.notes.append(f"{key}: {text!r} is no number of cases")
            return None
        return numbers[0], numbers[-1]


def _part(text: str) -> float | None:
    return _PARTS.get(_TAIL.sub("", _LOOSELY.sub("", text.casefold())).strip(" .,"))


def _number(text: str) -> float | None:
    folded = text.strip().casefold()
    if folded in _NUMERALS:
        return float(_NUMERALS.index(folded))
    amount = read_amount(text)
    return amount.value if amount and _can_count(amount.value) else None


def _can_count(value: float) -> bool:
    """Return whether a figure is of a size that anybody measures, so that no ratio of two is infinite."""
    return value == 0 or _SMALLEST <= abs(value) < _LARGEST
