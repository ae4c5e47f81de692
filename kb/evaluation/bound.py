"""Bounds on the measures of an evaluation."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from kb.evaluation.reliability import HIDDEN
from search.errors import EvaluationError
from search.evaluation import Measure, parse_measure

_GATE = re.compile(r"(?P<name>[^<>]+)(?P<sign>[<>]=)(?P<bound>.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Gate:
    """A bound on one measure: `nDCG@10>=0.70`, or `hidden<=0.02`."""

    measure: Measure | None
    """None stands for the rate of right answers that are hidden."""
    bound: float

    @property
    def name(self) -> str:
        return self.measure.name if self.measure else HIDDEN

    def passes(self, value: float) -> bool:
        """Return whether a value is within the bound; NaN never is."""
        return value >= self.bound if self.measure else value <= self.bound

    def __str__(self) -> str:
        return f"{self.name}{'>=' if self.measure else '<='}{self.bound:g}"


def parse_gate(text: str) -> Gate:
    """Parse a gate; raises `EvaluationError`."""
    found = _GATE.fullmatch(text)
    try:
        bound = float(found["bound"]) if found else math.nan
    except ValueError:
        bound = math.nan
    if not found or not math.isfinite(bound):
        raise _not_a_gate(text)
    name = found["name"].strip()
    if name == HIDDEN:
        if found["sign"] != "<=":
            raise EvaluationError(f"--gate {text!r}: the fewer are hidden the better; write {HIDDEN}<={bound:g}")
        return Gate(None, bound)
    if found["sign"] != ">=":
        raise _not_a_gate(text)
    return Gate(parse_measure(name), bound)


def _not_a_gate(text: str) -> EvaluationError:
    return EvaluationError(
        f'--gate {text!r}: expected a measure, >= and a number, as in "nDCG@10>=0.70", or "{HIDDEN}<=0.02"'
    )
