"""Confidence intervals of proportions and of their differences, at 95 %."""

from __future__ import annotations

from math import hypot, sqrt
from typing import NamedTuple

LEVEL = 0.95
_Z = 1.959963984540054
"""The quantile of the normal distribution at (1 + LEVEL) / 2."""


class Interval(NamedTuple):
    """A confidence interval."""

    low: float
    high: float


class Proportion(NamedTuple):
    """A share of a number of cases."""

    value: float
    """From 0 to 1."""
    n: float

    @property
    def interval(self) -> Interval:
        """Wilson's score interval (Wilson 1927, Journal of the American Statistical Association 22)."""
        weight = 1 + _Z**2 / self.n
        centre = (self.value + _Z**2 / (2 * self.n)) / weight
        half = _Z * sqrt(self.value * (1 - self.value) / self.n + _Z**2 / (4 * self.n**2)) / weight
        return Interval(max(centre - half, 0.0), min(centre + half, 1.0))


def difference_interval(one: Proportion, other: Proportion) -> Interval:
    """Return the interval of `one - other` by Newcombe's method 10 (1998, Statistics in Medicine 17, 873-890)."""
    return combined(one.value, one.interval, other.value, other.interval)


def combined(one: float, of_one: Interval, other: float, of_other: Interval) -> Interval:
    """Return the interval of a difference from the intervals of both terms.

    This is the method of variance estimates recovery (Zou and Donner 2008, Statistics in Medicine 27); of two Wilson
    intervals it is Newcombe's method 10.
    """
    difference = one - other
    low = difference - hypot(one - of_one.low, of_other.high - other)
    high = difference + hypot(of_one.high - one, other - of_other.low)
    return Interval(low, high)
