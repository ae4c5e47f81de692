"""What a library makes of questions whose answers are known → its thresholds, and the weight of its words.

Two kinds of question are asked of every library when it is indexed: 400 from all walks of life, which it
does not answer, and its own `answers`, each with itself left out. The first say what evidence is found by chance,
the second what evidence a right lesson has. Both only move the thresholds within bounds around the defaults, so
that neither an odd library nor odd `answers` can make everything an answer or nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from search.mode import Mode
from search.ranking.calibration import AS_IT_IS, DEFAULTS, LEXICAL_WEIGHT, Calibration, Questions, Scale, Thresholds

_FAR_QUANTILE = 0.95
_MARGIN = 0.02
"""Questions from elsewhere are further off than those of a neighbouring field; so much is added for them."""
# With the default model half of the questions from elsewhere have no passage nearer than the one, one in twenty has one
# nearer than the other; means of three libraries.
_USUAL_MEDIAN, _USUAL_HIGH = 0.2, 0.3
_LEAST_SPREAD = 0.01
_MOST_MOVED = 0.06
"""A threshold stays as near as this to its default."""
_MOST_HIDDEN = 0.02
_FEWEST_OWN = 20
"""Fewer questions say nothing of one in fifty."""
WEIGHTS = (0.1, 0.2, LEXICAL_WEIGHT, 0.5, 0.65)
"""Those of the words that are tried."""
FEWEST_FOR_WEIGHT = 40
_LEAST_GAIN = 0.01
_SIGNIFICANT = 0.05


@dataclass(frozen=True, slots=True)
class OwnQuestion:
    """A sentence of a lesson's `answers`, asked with itself left out."""

    evidence: Mapping[Mode, float]
    """The highest among the first three lessons, by mode; only modes in which its own lesson is one of them."""
    reciprocal_ranks: Mapping[float, float] = field(default_factory=dict)
    """Of its lesson, for each weight of the words that was tried; 0 beyond the tenth."""


def calibrated(far: Sequence[Mapping[Mode, float]], own: Sequence[OwnQuestion], scale: Scale = AS_IT_IS) -> Calibration:
    """Return what a library needs; `far` has for each question from elsewhere the most evidence of any lesson.

    A mode in which nothing was asked keeps its defaults. `scale` is that on which all were asked.
    """
    of_far = {mode: [asked[mode] for asked in far if mode in asked] for mode in Mode}
    of_own = {mode: [asked.evidence[mode] for asked in own if mode in asked.evidence] for mode in Mode}
    thresholds = {mode: thresholds_of(mode, of_far[mode], of_own[mode]) for mode in Mode}
    mode = Mode.HYBRID if of_far[Mode.HYBRID] else Mode.LEXICAL
    return Calibration(thresholds, weight_of(own), scale, judged(thresholds[mode], of_far[mode], of_own[mode]))


def thresholds_of(mode: Mode, far: Sequence[float], own: Sequence[float]) -> Thresholds:
    """Return the thresholds for a mode.

    `far` has for each question from elsewhere the most evidence that any lesson has; `own` for each question
    whose lesson is among the first three the most evidence of the three. Few or none: the defaults.
    """
    default = DEFAULTS[mode]
    if not far:
        return default
    lowest, highest = default.may_help - _MOST_MOVED, default.may_help + _MOST_MOVED
    may_help = float(np.quantile(far, _FAR_QUANTILE)) + _MARGIN
    if len(own) >= _FEWEST_OWN:
        may_help = min(may_help, float(np.quantile(own, _MOST_HIDDEN, method="lower")))
    may_help = round(min(max(may_help, lowest), highest), 3)
    return Thresholds(may_help, round(may_help + default.answers - default.may_help, 3))


def scale_of(nearest: Sequence[float]) -> Scale:
    """Return the scale of a model's cosines; `nearest` has for each question from elsewhere the highest."""
    if not nearest:
        return AS_IT_IS
    median, high = (float(value) for value in np.quantile(nearest, [0.5, _FAR_QUANTILE]))
    unit = max(high - median, _LEAST_SPREAD) / (_USUAL_HIGH - _USUAL_MEDIAN)
    return Scale(median - _USUAL_MEDIAN * unit, unit)


def judged(thresholds: Thresholds, far: Sequence[float], own: Sequence[float]) -> Questions:
    """Count what thresholds get wrong of the questions that they were made from."""
    evidence = np.asarray(far, np.float64)
    answers = int((evidence >= thresholds.answers).sum())
    return Questions(
        len(far),
        answers,
        int((evidence >= thresholds.may_help).sum()) - answers,
        len(own),
        int((np.asarray(own, np.float64) < thresholds.may_help).sum()),
    )


def weight_of(own: Sequence[OwnQuestion]) -> float:
    """Return the weight of the words that finds a library's lessons best, the usual one unless it is clearly worse."""
    if len(own) < FEWEST_FOR_WEIGHT or not all(asked.reciprocal_ranks for asked in own):
        return LEXICAL_WEIGHT
    ranks = {weight: np.array([asked.reciprocal_ranks[weight] for asked in own]) for weight in WEIGHTS}
    best = max(WEIGHTS, key=lambda weight: (ranks[weight].mean(), -abs(weight - LEXICAL_WEIGHT)))
    if best == LEXICAL_WEIGHT or ranks[best].mean() - ranks[LEXICAL_WEIGHT].mean() < _LEAST_GAIN:
        return LEXICAL_WEIGHT
    from search.evaluation.significance import paired_difference  # scipy, only where there is something to test

    difference = paired_difference(ranks[best], ranks[LEXICAL_WEIGHT])
    # Several weights were tried, so that one is found better by chance more often (Bonferroni).
    significant = difference is not None and difference.p < _SIGNIFICANT / (len(WEIGHTS) - 1)
    return best if significant else LEXICAL_WEIGHT
