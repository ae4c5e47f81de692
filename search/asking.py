"""The words of a query → what the legs are asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from search.mode import Mode
from search.page import telling_pairs, telling_slices, telling_terms
from search.ranking import Asked

if TYPE_CHECKING:
    from search.encoder import Encoder
    from search.postings import Postings


@dataclass(frozen=True, slots=True)
class Asker:
    """Asks the legs over one index."""

    postings: Postings

    def by_words(self, terms: Sequence[str]) -> Asked:
        """Ask for the terms of a query, given with repeats and in order; of a long one for those that tell most."""
        every = telling_terms(terms, self.postings)
        return Asked(every, pairs=telling_pairs(terms, every, self.postings))

    def vectors(self, text: str, terms: Sequence[str], encoder: Encoder) -> np.ndarray:
        """Return what is asked by meaning: the vectors of the slices of a text, shape (slices, dimension)."""
        every = telling_terms(terms, self.postings)
        slices = telling_slices(text, every, encoder.card.max_tokens, self.postings)
        return np.array([encoder.encode_query(part) for part in slices], np.float32)

    def ask(self, text: str, terms: Sequence[str], mode: Mode, encoder: Encoder | None) -> Asked:
        """Ask in a mode, for which there is an encoder if meaning is asked; raises `ModelError`."""
        words = Asked() if mode is Mode.SEMANTIC else self.by_words(terms)
        if mode is Mode.LEXICAL:
            return words
        assert encoder is not None
        return Asked(words.terms, self.vectors(text, terms, encoder), pairs=words.pairs)
