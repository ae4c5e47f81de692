"""Figures after an intervention against the trend before it: an interrupted time series.

Segmented regression with a change of level and of slope (Wagner et al. 2002, Journal of Clinical Pharmacy and
Therapeutics 27, 299-309). Its errors allow for autocorrelation (Newey and West 1987, Econometrica 55).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from kb.impact.proportions import LEVEL, Interval

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_LEAST_FOR_SLOPE = 3
"""Figures after from which a change of slope is estimated."""
_NO_SPREAD = 1e-9


class AgainstTrend(NamedTuple):
    """The average difference of the figures after from the trend before."""

    value: float
    interval: Interval | None
    """None if the figures do not vary around their trends, or there are too few."""


def against_trend(before: Sequence[float], after: Sequence[float]) -> AgainstTrend:
    """Compare evenly spaced figures, oldest first: at least `methods.LEAST_BEFORE` before, at least one after."""
    values = np.array([*before, *after], float)
    design, contrast = _model(len(before), len(after))
    inverse: Floats = np.linalg.inv(design.T @ design).astype(np.float64)
    coefficients = inverse @ design.T @ values
    residuals: Floats = values - design @ coefficients
    effect = float(contrast @ coefficients)
    freedom = len(values) - design.shape[1]
    least = _NO_SPREAD * max(1.0, float(np.abs(values).max()))
    effect = effect if abs(effect) > least else 0.0  # not the last bits of a computation
    if freedom < 1 or float(np.abs(residuals).max()) <= least:
        return AgainstTrend(effect, None)
    covariance = newey_west(design, residuals, inverse)
    half = _quantile(freedom) * float(np.sqrt(contrast @ covariance @ contrast))
    return AgainstTrend(effect, Interval(effect - half, effect + half))


def _model(before: int, after: int) -> tuple[Floats, Floats]:
    """Return the design matrix, shape (figures, coefficients), and the weights of the coefficients in the effect."""
    time = np.arange(before + after, dtype=float)
    is_after = (time >= before).astype(float)
    columns = [np.ones_like(time), time, is_after]
    contrast = [0.0, 0.0, 1.0]
    if after >= _LEAST_FOR_SLOPE:
        columns.append(is_after * (time - before))
        contrast.append((after - 1) / 2)
    return np.column_stack(columns), np.array(contrast)


def newey_west(design: Floats, residuals: Floats, inverse: Floats) -> Floats:
    """Return the covariance of the coefficients, with Bartlett's weights and the correction for small samples.

    The number of lags is the integer part of 4 (n / 100)^(2/9) (Newey and West 1994).
    """
    count, coefficients = design.shape
    scores = design * residuals[:, None]
    middle = scores.T @ scores
    lags = int(4 * (count / 100) ** (2 / 9))
    for lag in range(1, lags + 1):
        shifted = scores[lag:].T @ scores[:-lag]
        middle += (1 - lag / (lags + 1)) * (shifted + shifted.T)
    found: Floats = inverse @ middle @ inverse * count / (count - coefficients)
    return found


def _quantile(freedom: int) -> float:
    from scipy.special import stdtrit  # slow to import; only series need it

    return float(stdtrit(freedom, (1 + LEVEL) / 2))
