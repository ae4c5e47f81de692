"""A measure that must not fall below a value."""

from __future__ import annotations

import math
from dataclasses import dataclass

from search.errors import EvaluationError
from search.evaluation import Measure, parse_measure


@dataclass(frozen=True, slots=True)
class Gate:
    """`nDCG@10>=0.70`."""

    measure: Measure
    least: float

    def __str__(self) -> str:
        return f"{self.measure.name}>={self.least:g}"


def parse_gate(text: str) -> Gate:
    """Read a gate; raises `EvaluationError`."""
    name, sign, value = text.partition(">=")
    try:
        least = float(value)
    except ValueError:
        least = math.nan
    if not sign or not math.isfinite(least):
        raise EvaluationError(f'--gate {text!r}: expected a measure, >= and a number, as in "nDCG@10>=0.70"')
    return Gate(parse_measure(name.strip()), least)
