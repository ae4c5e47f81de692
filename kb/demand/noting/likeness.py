"""Whether two questions are about the same need."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kb.demand.noting.vectors import unpacked
from search.query import terms

ALIKE = 0.5
"""Least cosine of two questions of one need that the same person asks one after the other."""


def are_alike(one: Sequence[Any], other: Sequence[Any]) -> bool:
    """Return whether two rows of text, model and vector mean the same: by their vectors, else by a common word."""
    (text, model, vector), (other_text, other_model, other_vector) = one, other
    if vector and other_vector and model == other_model and len(vector) == len(other_vector):
        first, second = unpacked([vector, other_vector])
        return float(first @ second) >= ALIKE
    return not set(terms(text)).isdisjoint(terms(other_text))
