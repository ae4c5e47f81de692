"""Vectors of queries that are asked repeatedly: each is encoded once and cached, like those of passages."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from search.semantic.cache import VectorCache

if TYPE_CHECKING:
    from ingest.window import Window
    from search.models.encoder import Encoder, Vectors
    from search.models.encoder_card import EncoderCard

_KEPT_AT_ONCE = 128


class KnownQueries:
    """An encoder with the vectors of some queries ready."""

    def __init__(self, encoder: Encoder, queries: Sequence[str], cache: VectorCache) -> None:
        self._encoder = encoder
        card, fingerprint = encoder.card, queries_of(encoder.card.fingerprint)
        known = cache.find(fingerprint, queries, card.dimension, unit_length=card.normalizes)
        self._vectors: dict[str, Vectors] = {queries[position]: vector for position, vector in known.items()}
        missing = [query for query in queries if query not in self._vectors]
        for start in range(0, len(missing), _KEPT_AT_ONCE):
            some = missing[start : start + _KEPT_AT_ONCE]
            vectors = np.array([encoder.encode_query(query) for query in some], np.float32)
            cache.add(fingerprint, some, vectors)
            self._vectors |= zip(some, vectors, strict=True)

    @property
    def card(self) -> EncoderCard:
        return self._encoder.card

    @property
    def window(self) -> Window:
        return self._encoder.window

    def encode_query(self, text: str) -> Vectors:
        found = self._vectors.get(text)
        return self._encoder.encode_query(text) if found is None else found

    def encode_passages(self, texts: Sequence[str]) -> Generator[tuple[list[int], Vectors]]:
        return self._encoder.encode_passages(texts)


def queries_of(fingerprint: str) -> str:
    """Return the fingerprint for an encoder's query vectors: it may encode queries differently from passages."""
    return f"{fingerprint}:query"
