"""Parses stated changes, and compares them with the figures before and after."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.format import Impact
from kb.figures.amounts import Range, folded_unit, read_amount, usual_order
from kb.figures.directions import FACTORS, FALLING, RISING, SAVING
from search.query import QUALIFIER

_ANY = Range(0.0, math.inf)


@dataclass(frozen=True, slots=True)
class ClaimedChange:
    """A change as stated in a lesson."""

    size: Range
    """Absolute size; for a factor, the factor."""
    sign: int
    """1 for up, -1 for down, 0 if not stated."""
    unit: str
    """As in `Amount`; `times` for a factor."""
    value: float | None = None
    """The size as written, not negative; None if only the direction is stated."""

    def could_be(self, actual: Range) -> bool:
        """Return whether the statement can mean the actual change."""
        up = self.sign >= 0 and self.size.meets(actual)
        return up or (self.sign <= 0 and (-self.size).meets(actual))


_UP = rf"(?:{'|'.join(RISING)})\b|more(?! than)|higher|\u2191"
_DOWN = rf"(?:{'|'.join(FALLING)})\b|(?:less|fewer)(?! than)|lower|\u2193"
_EITHER = rf"(?:{'|'.join(SAVING)})\b|changed?"
_DIRECTION = rf"(?:(?P<up>{_UP})|(?P<down>{_DOWN})|(?P<either>{_EITHER}))"
_ONLY_DIRECTION = re.compile(_DIRECTION)
_BEFORE = re.compile(rf"{_DIRECTION}(?: by| of)? ")
_AFTER = re.compile(rf" {_DIRECTION}$")
# `faster`, `below plan`, `better by 5 %` do not compare the figure after with the one before.
_COMPARING = r"\w*(?:better|bigg|cheap|fast|improv|larg|long|quick|short|slow|small|worse)"
_PLAIN = re.compile(
    rf".*\d\+?\s?(?:[a-z]+\.?\s)??(?:[$\u20ac\u00a3%]|per cent|(?!{_COMPARING})\w+)?"
    r"(?:\spoints?)?(?:\s(?:of|per|a|an|each|in)\s.*)?(?:\s?\([^()]*\))?"
)
_FACTOR = re.compile(rf"(?:{QUALIFIER} )?(?P<word>{'|'.join(FACTORS)})")
_TO_HALF = re.compile(rf"(?:(?:down|cut|reduced) )?(?:(?:by|to|in) )?(?:{QUALIFIER} )?(?:half|a half|one half)")
_UP_BY_HALF = re.compile(r"(?:up|more) (?:by )?(?:a |one )?half")
_TIMES = re.compile(r"(?P<number>.*?\d)\s?(?:x|\u00d7|times|-?fold)|[x\u00d7]\s?(?P<following>\d.*)")
_NONE = re.compile(r"no change|unchanged|none|the same|stable")


def read_change(text: str) -> ClaimedChange | None:
    """Parse `-48%`, `down nearly 50 %`, `$500,000 saved`, `doubled`, `up`; None if any word is not understood."""
    written = usual_order(text).casefold()
    if _NONE.fullmatch(written):
        return None
    if found := _ONLY_DIRECTION.fullmatch(written):
        return ClaimedChange(_ANY, _sign(found), "") if not found["either"] else None
    if found := _TO_HALF.fullmatch(written):
        slack = 0.05 if found["loose"] else 0.025
        return ClaimedChange(Range(0.5 - slack, 0.5 + slack), 0, "times", 0.5)
    if _UP_BY_HALF.fullmatch(written):
        return ClaimedChange(Range(47.5, 52.5), 1, "%", 50.0)
    if found := _FACTOR.fullmatch(written):
        return ClaimedChange(_factor(found), 0, "times", FACTORS[found["word"]])
    if found := _TIMES.fullmatch(written):
        amount = read_amount(found["number"] or found["following"])
        is_factor = amount and not amount.unit and amount.range.low > 0
        return ClaimedChange(amount.range, 0, "times", amount.value) if amount and is_factor else None
    return _read_difference(written)


def _read_difference(text: str) -> ClaimedChange | None:
    directions = [found for found in (_BEFORE.match(text), _AFTER.search(text)) if found]
    number = _AFTER.sub("", _BEFORE.sub("", text, count=1))
    signs = {sign for found in directions if (sign := _sign(found))}
    amount = read_amount(number)
    if not amount or not _PLAIN.fullmatch(number):
        return None
    if amount.signed:
        signs.add(-1 if amount.range.high <= 0 else 1)
    if len(signs) > 1:  # contradictory, such as `up -5 %`
        return None
    return ClaimedChange(amount.range.magnitude, signs.pop() if signs else 0, amount.unit, abs(amount.value))


def _sign(found: re.Match[str]) -> int:
    return 1 if found["up"] else -1 if found["down"] else 0


def _factor(found: re.Match[str]) -> Range:
    exactly = FACTORS[found["word"]]
    if found["more"] or found["less"]:
        return Range(0.0, exactly) if found["less"] else Range(exactly, math.inf)
    slack = 0.1 if found["loose"] else 0.05
    return Range(exactly * (1 - slack), exactly * (1 + slack))


@dataclass(frozen=True, slots=True)
class Course:
    """The figures before and after, in one unit."""

    before: Range
    after: Range
    unit: str

    @property
    def difference(self) -> Range:
        return self.after - self.before

    @property
    def factor(self) -> Range | None:
        """After divided by before; None if before is not above zero, or after is negative."""
        return self.after.over(self.before) if self.before.low > 0 and self.after.low >= 0 else None

    @property
    def percent(self) -> Range | None:
        return self.factor.plus(-1).times(100) if self.factor else None


def course_of(entry: Impact) -> Course | None:
    """Parse the figures before and after; None if they cannot be read, or have different units."""
    before, after = read_amount(entry.before), read_amount(entry.after)
    if not before or not after:
        return None
    units = {unit for unit in (before.unit, after.unit, folded_unit(entry.unit)) if unit}
    return Course(before.range, after.range, units.pop() if units else "") if len(units) < 2 else None


def contradicts(change: ClaimedChange, course: Course) -> bool:
    """Return whether the change fits none of its possible readings; False if it has no reading."""
    readings = [reading for reading in _readings(change, course) if reading]
    return bool(readings) and not any(change.could_be(reading) for reading in readings)


def _readings(change: ClaimedChange, course: Course) -> Iterator[Range | None]:
    """Yield the actual values that the change can refer to: difference, percentage or factor, by its unit."""
    if change.unit == "times":
        yield course.factor
        yield course.before.over(course.after) if course.factor and course.after.low > 0 else None
    elif change.unit == "point":
        yield course.difference if course.unit in ("", "%", "point") else None
    elif change.unit == "%":
        yield course.percent
        yield course.difference if course.unit in ("", "%") else None
    elif not change.unit:
        yield from (course.difference, course.percent)
        yield course.factor.plus(-1) if course.factor else None
        yield course.factor if not change.sign else None
    elif change.unit == course.unit or not course.unit:
        yield course.difference
