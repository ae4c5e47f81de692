"""How much of what one lesson says stands in others too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from search.lexical.analyzer import terms
from search.query.wording import written_words

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from search.lexical.postings import Postings
    from search.semantic.encoder import Vectors
    from search.semantic.vectors import VectorIndex


def closeness(said: Vectors, vectors: VectorIndex, postings: Postings) -> NDArray[np.float32]:
    """Return for every lesson the mean, over the passages in question, of the cosine with its nearest passage.

    So a short lesson is close to a long one that says the same among other things, and not the other way round.
    A lesson without passages has 0.
    """
    close = np.zeros(len(postings.passages_of), np.float32)
    with_passages = np.flatnonzero(postings.passages_of)
    if len(said) and len(with_passages):
        first = postings.first_passage[with_passages]
        close[with_passages] = sum(np.maximum.reduceat(vectors.scores(vector), first) for vector in said) / len(said)
    return close


def telling_words(ours: str, theirs: str, postings: Postings, limit: int) -> list[str]:
    """Return the words of two texts that tell most of all that both have, as the first writes them."""
    written = written_words(ours)
    both = written.keys() & set(terms(theirs))
    known = [term for term in both if postings.number_of(term) is not None]
    return [written[term] for term in sorted(known, key=lambda term: (-postings.idf(term), term))[:limit]]
