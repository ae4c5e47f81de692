"""Computes a library's thresholds and the weight of words from questions whose answers are known.

Two kinds of question are asked of every library when it is indexed: 400 questions from elsewhere, which it does not
answer, and its own `answers`, each left out of the library while it is asked. The first show what evidence is found by
chance, the second what evidence a right lesson has. Both move the thresholds only within bounds around the defaults, so
that neither an unusual library nor unusual `answers` can make everything an answer or nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from search.query.mode import Mode
from search.ranking.calibration import AS_IT_IS, DEFAULTS, LEXICAL_WEIGHT, Calibration, Questions, Scale, Thresholds

_UNRELATED_QUANTILE = 0.95
_MARGIN = 0.02
"""Added to the threshold, because questions of a neighbouring field are closer than questions from elsewhere."""
# The median and the 95 % quantile, over questions from elsewhere, of the cosine of the nearest passage with the default
# model; means of three libraries.
_USUAL_MEDIAN, _USUAL_HIGH = 0.2, 0.3
_LEAST_SPREAD = 0.01
_MOST_MOVED = 0.06
"""The maximum difference of a threshold from its default."""
_MOST_HIDDEN = 0.02
_FEWEST_OWN = 20
"""With fewer questions the quantile of one in fifty is meaningless."""
WEIGHTS = (0.1, 0.2, LEXICAL_WEIGHT, 0.5, 0.65)
"""The weights of words that are tried."""
FEWEST_FOR_WEIGHT = 40
_LEAST_GAIN = 0.01
_SIGNIFICANT = 0.05


@dataclass(frozen=True, slots=True)
class OwnQuestion:
    """A sentence of a lesson's `answers`, asked of the library without this sentence."""

    evidence: Mapping[Mode, float]
    """The highest evidence of the first three lessons, by mode; only modes in which its own lesson is one of them."""
    reciprocal_ranks: Mapping[float, float] = field(default_factory=dict)
    """The reciprocal rank of its lesson, by weight of words; 0 below the tenth rank."""


def calibrated(
    unrelated: Sequence[Mapping[Mode, float]], own: Sequence[OwnQuestion], scale: Scale = AS_IT_IS
) -> Calibration:
    """Return a library's calibration; `unrelated` has the highest evidence of any lesson for each unrelated question.

    A mode without questions keeps its defaults. `scale` is the scale on which all questions were asked.
    """
    of_unrelated = {mode: [question[mode] for question in unrelated if mode in question] for mode in Mode}
    of_own = {mode: [question.evidence[mode] for question in own if mode in question.evidence] for mode in Mode}
    thresholds = {mode: thresholds_of(mode, of_unrelated[mode], of_own[mode]) for mode in Mode}
    mode = Mode.HYBRID if of_unrelated[Mode.HYBRID] else Mode.LEXICAL
    return Calibration(thresholds, weight_of(own), scale, judged(thresholds[mode], of_unrelated[mode], of_own[mode]))


def thresholds_of(mode: Mode, unrelated: Sequence[float], own: Sequence[float]) -> Thresholds:
    """Return the thresholds for a mode.

    `unrelated` has for each unrelated question the highest evidence of any lesson; `own` for each own question whose
    lesson is among the first three the highest evidence of these. Without `unrelated` the defaults are returned; fewer
    than `_FEWEST_OWN` own questions are ignored.
    """
    default = DEFAULTS[mode]
    if not unrelated:
        return default
    lowest, highest = default.may_help - _MOST_MOVED, default.may_help + _MOST_MOVED
    may_help = float(np.quantile(unrelated, _UNRELATED_QUANTILE)) + _MARGIN
    if len(own) >= _FEWEST_OWN:
        may_help = min(may_help, float(np.quantile(own, _MOST_HIDDEN, method="lower")))
    may_help = round(min(max(may_help, lowest), highest), 3)
    return Thresholds(may_help, round(may_help + default.answers - default.may_help, 3))


def scale_of(nearest: Sequence[float]) -> Scale:
    """Return the scale of a model's cosines; `nearest` has the highest cosine for each question from elsewhere."""
    if not nearest:
        return AS_IT_IS
    median, high = (float(value) for value in np.quantile(nearest, [0.5, _UNRELATED_QUANTILE]))
    unit = max(high - median, _LEAST_SPREAD) / (_USUAL_HIGH - _USUAL_MEDIAN)
    return Scale(median - _USUAL_MEDIAN * unit, unit)


def judged(thresholds: Thresholds, unrelated: Sequence[float], own: Sequence[float]) -> Questions:
    """Count the errors of thresholds on the questions from which they were computed."""
    evidence = np.asarray(unrelated, np.float64)
    answers = int((evidence >= thresholds.answers).sum())
    return Questions(
        len(unrelated),
        answers,
        int((evidence >= thresholds.may_help).sum()) - answers,
        len(own),
        int((np.asarray(own, np.float64) < thresholds.may_help).sum()),
    )


def weight_of(own: Sequence[OwnQuestion]) -> float:
    """Return the weight of words with the best mean reciprocal rank; the default unless it is significantly worse."""
    if len(own) < FEWEST_FOR_WEIGHT or not all(question.reciprocal_ranks for question in own):
        return LEXICAL_WEIGHT
    ranks = {weight: np.array([question.reciprocal_ranks[weight] for question in own]) for weight in WEIGHTS}
    best = max(WEIGHTS, key=lambda weight: (ranks[weight].mean(), -abs(weight - LEXICAL_WEIGHT)))
    if best == LEXICAL_WEIGHT or ranks[best].mean() - ranks[LEXICAL_WEIGHT].mean() < _LEAST_GAIN:
        return LEXICAL_WEIGHT
    from search.evaluation.significance import paired_difference  # imports scipy: only if there is something to test

    difference = paired_difference(ranks[best], ranks[LEXICAL_WEIGHT])
    # Several weights were tried, so one looks better by chance more often (Bonferroni correction).
    significant = difference is not None and difference.p < _SIGNIFICANT / (len(WEIGHTS) - 1)
    return best if significant else LEXICAL_WEIGHT
