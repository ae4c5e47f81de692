"""The methods by which an effect is estimated, with their sources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Method(NamedTuple):
    """A method."""

    name: str
    source: str = ""

    def __str__(self) -> str:
        return f"{self.name} ({self.source})" if self.source else self.name


LEAST_BEFORE = 3
"""Figures before that a trend needs."""
ENOUGH_BEFORE = 8
"""Figures before from which its errors are reliable."""
DIFFERENCE, STATED, UNITS_AFTER, MEAN = "difference", "stated", "units-after", "mean"
IN_DIFFERENCES, IN_DIFFERENCES_OF_SHARES = "difference-in-differences", "difference-in-differences-of-shares"
TREND, CONTROLLED_TREND, SHARES, RESULT = "trend", "controlled-trend", "shares", "result"

CONTROLLED = (IN_DIFFERENCES, IN_DIFFERENCES_OF_SHARES, CONTROLLED_TREND, UNITS_AFTER)
"""Methods that compare with a unit without the intervention."""

METHODS: Mapping[str, Method] = {
    DIFFERENCE: Method("after minus before"),
    STATED: Method("as stated"),
    UNITS_AFTER: Method("difference between the two units afterwards"),
    MEAN: Method("against the mean before, as a trend needs three figures before"),
    IN_DIFFERENCES: Method("difference in differences", "as in Card and Krueger 1994"),
    IN_DIFFERENCES_OF_SHARES: Method(
        "difference in differences of proportions", "Newcombe 1998, method 10; Zou and Donner 2008"
    ),
    TREND: Method("against the trend before, Newey-West errors", "Wagner et al. 2002"),
    CONTROLLED_TREND: Method("trend of the difference from the control, Newey-West errors", "Wagner et al. 2002"),
    SHARES: Method("difference of two proportions", "Newcombe 1998, method 10"),
    RESULT: Method("proportion afterwards", "Wilson 1927"),
}
"""Each method by its key in JSON."""
