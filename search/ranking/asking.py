"""A query in an index's terms → what the legs are asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from search.mode import Mode
from search.query.page import telling_slices
from search.ranking.ranking import Asked

if TYPE_CHECKING:
    from search.lexical.postings import Postings
    from search.query.wording import Wording
    from search.semantic.encoder import Encoder
    from search.semantic.vectors import VectorIndex


def ask(wording: Wording, mode: Mode, postings: Postings, encoder: Encoder | None = None) -> Asked:
    """Ask in a mode, for which there is an encoder if meaning is asked; raises `ModelError`."""
    words = Asked()
    if mode is not Mode.SEMANTIC:
        words = Asked(
            wording.terms, pairs=wording.pairs, stands_for=wording.stands_for, identifiers=wording.identifiers
        )
    if mode is Mode.LEXICAL:
        return words
    assert encoder is not None
    slices = telling_slices(wording.text, wording.terms, encoder.card.max_tokens, postings)
    return words._replace(vectors=np.array([encoder.encode_query(part) for part in slices], np.float32))


def compared(every: Sequence[Asked], vectors: VectorIndex) -> Iterator[Asked]:
    """Give what is asked with the cosines of every passage, worked out together; all is asked in one mode."""
    slices = [asked.vectors for asked in every if asked.vectors is not None]
    if not slices:
        yield from every
        return
    cosines = iter(vectors.scores_of_all(np.concatenate(slices)))
    for asked, mine in zip(every, slices, strict=True):
        yield asked._replace(cosines=np.max([next(cosines) for _ in mine], axis=0))
