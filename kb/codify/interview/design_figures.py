"""The figures that a design needs besides two numbers: a series, or those of the unit that did not do it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from kb.codify.interview.unclear import Unclear
from kb.figures.amounts import read_amount

_EXAMPLE = "41 39 44 40 -> 30 26 24"
_BETWEEN = re.compile(r"\s*(?:->|=>|\u2192|;)\s*")
_ASKED: Mapping[str, str] = {
    "pre-post": (
        "Are there figures over time, at equal distances, oldest first? Type those before, an arrow, those after: "
        f"{_EXAMPLE}; Enter if there are none"
    ),
    "natural-field-experiment": (
        "What did the other unit have? Type its figure before, an arrow, the one after: 11 -> 10.5; "
        "Enter if it is not known"
    ),
}


def asked_for(design: str) -> str:
    """Return the question for the figures that a design needs; empty for a design that needs none."""
    return _ASKED.get(design, "")


def figures_for(design: str, answer: str) -> dict[str, Any]:
    """Return the keys of an impact entry for the figures in an answer; raises `Unclear`."""
    if not answer:
        return {}
    parts = _BETWEEN.split(answer)
    if len(parts) != 2:
        raise Unclear(f"the figures: write those before, an arrow, those after: {_EXAMPLE}")
    before, after = ([_figure(word) for word in re.split(r",\s+|\s+", part.strip())] for part in parts)
    series = {"series": {"before": before, "after": after}}
    if design == "pre-post":
        return series
    return {"control": {"before": before[0], "after": after[0]} if len(before) == len(after) == 1 else series}


def _figure(word: str) -> int | float:
    amount = read_amount(word.strip(","))
    if amount is None or amount.precision:
        raise Unclear(f"{word!r} is no figure; write numbers only: {_EXAMPLE}")
    return int(amount.value) if amount.value.is_integer() else amount.value
