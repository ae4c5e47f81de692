"""A query as the two indexes take it, and the lessons and passages that it may find."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from search.lexical.lexical_query import LexicalQuery
from search.query.mode import Mode
from search.query.page import informative_slices

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from search.lexical.index import LexicalIndex
    from search.models.encoder import Encoder, Vectors
    from search.query.wording import Wording

    Ints = NDArray[np.int64]


class EncodedQuery(NamedTuple):
    """A query as the ranker takes it; with neither words nor vectors nothing is found."""

    words: LexicalQuery = LexicalQuery()
    vectors: Vectors | None = None
    """The vectors of the query's slices, shape (slices, dimension); a passage is scored by its nearest slice."""

    def in_mode(self, mode: Mode) -> EncodedQuery:
        """Return the query for one mode; it must have been encoded for both indexes."""
        if mode is Mode.LEXICAL:
            return self._replace(vectors=None)
        return self._replace(words=LexicalQuery()) if mode is Mode.SEMANTIC else self


class Scope(NamedTuple):
    """The lessons and passages that may be found; None means all."""

    lessons: Ints | None = None
    """The numbers of the lessons, ascending."""
    passages: Ints | None = None
    """The numbers of the passages that are compared by meaning and may be shown; ascending."""

    def places(self, passages: range) -> Sequence[int]:
        """Return the positions, within a range of passages, of those that may be shown."""
        if self.passages is None:
            return range(len(passages))
        start, end = np.searchsorted(self.passages, (passages.start, passages.stop))
        return [int(number) - passages.start for number in self.passages[start:end]]


EVERYWHERE = Scope()


def encode(wording: Wording, mode: Mode, index: LexicalIndex, encoder: Encoder | None = None) -> EncodedQuery:
    """Encode a query for a mode; the encoder is needed in all modes but lexical. Raises `ModelError`."""
    words = LexicalQuery()
    if mode is not Mode.SEMANTIC:
        words = LexicalQuery(wording.terms, wording.pairs, wording.identifiers, wording.stands_for)
    if mode is Mode.LEXICAL:
        return EncodedQuery(words)
    assert encoder is not None
    slices = informative_slices(wording.text, wording.terms, encoder.card.max_tokens, index)
    return EncodedQuery(words, np.array([encoder.encode_query(part) for part in slices], np.float32))
