"""What is asked of the two indexes, and where they look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from search.lexical.index import LexicalIndex, LexicalQuery
from search.mode import Mode
from search.query.page import informative_slices

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from search.models.encoder import Encoder, Vectors
    from search.query.wording import Wording

    Ints = NDArray[np.int64]


class EncodedQuery(NamedTuple):
    """A query as the ranker takes it; with neither words nor vectors nothing is found."""

    words: LexicalQuery = LexicalQuery()
    vectors: Vectors | None = None
    """Of the query's slices, shape (slices, dimension); a passage counts for the slice that it is nearest to."""

    def in_mode(self, mode: Mode) -> EncodedQuery:
        """Return what is asked in a mode, of a query that was encoded for both indexes."""
        if mode is Mode.LEXICAL:
            return self._replace(vectors=None)
        return self._replace(words=LexicalQuery()) if mode is Mode.SEMANTIC else self


class Scope(NamedTuple):
    """What may be found; None is everything."""

    lessons: Ints | None = None
    """Their numbers, ascending."""
    passages: Ints | None = None
    """The numbers of the passages that count by meaning, and may be shown; ascending."""

    def places(self, passages: range) -> Sequence[int]:
        """Return the places, within a range of passages, of those that may be shown."""
        if self.passages is None:
            return range(len(passages))
        start, end = np.searchsorted(self.passages, (passages.start, passages.stop))
        return [int(number) - passages.start for number in self.passages[start:end]]


EVERYWHERE = Scope()


def encode(wording: Wording, mode: Mode, index: LexicalIndex, encoder: Encoder | None = None) -> EncodedQuery:
    """Return what is asked in a mode, for which there is an encoder if meaning is asked; raises `ModelError`."""
    words = LexicalQuery()
    if mode is not Mode.SEMANTIC:
        words = LexicalQuery(wording.terms, wording.pairs, wording.identifiers, wording.stands_for)
    if mode is Mode.LEXICAL:
        return EncodedQuery(words)
    assert encoder is not None
    slices = informative_slices(wording.text, wording.terms, encoder.card.max_tokens, index)
    return EncodedQuery(words, np.array([encoder.encode_query(part) for part in slices], np.float32))
