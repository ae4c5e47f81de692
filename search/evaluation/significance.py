"""Tests whether a difference between two systems is significant; the one module that imports scipy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

_RESAMPLES = 9999
_SEED = 20060501
# Resamples in memory at once, so that two thousand queries take some megabytes.
_BATCH = 256


@dataclass(frozen=True, slots=True)
class Difference:
    """By how much one system is better, as the mean over the queries."""

    mean: float
    low: float
    """The lower end of the 95 % confidence interval of the mean."""
    high: float
    p: float
    """The probability of a difference at least as large if the two were equally good."""


def paired_difference(values: np.ndarray, baseline: np.ndarray) -> Difference | None:
    """Compare two systems' values for the same queries, shape (queries,) each; None for fewer than two queries.

    Percentile bootstrap of the mean difference, and a two-sided randomization test that exchanges the two systems query
    by query (exact up to 13 queries); both with a fixed seed. Smucker, Allan, Carterette: A Comparison of Statistical
    Significance Tests for Information Retrieval Evaluation (2007).
    """
    differences = values - baseline
    if len(differences) < 2:
        return None
    interval = stats.bootstrap(
        (differences,),
        np.mean,
        n_resamples=_RESAMPLES,
        batch=_BATCH,
        vectorized=True,
        method="percentile",
        rng=np.random.default_rng(_SEED),
    ).confidence_interval
    # With one sample of differences, each resample changes the signs of some.
    test = stats.permutation_test(
        (differences,),
        np.mean,
        permutation_type="samples",
        n_resamples=_RESAMPLES,
        batch=_BATCH,
        vectorized=True,
        rng=np.random.default_rng(_SEED),
    )
    return Difference(float(differences.mean()), float(interval.low), float(interval.high), float(test.pvalue))
