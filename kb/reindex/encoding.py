"""Encodes texts, taking known vectors from the cache and saving new ones while encoding."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kb.catalogue.catalogue import Catalogue
from kb.index.snapshot import CATALOGUE, Snapshot
from kb.progress import Progress
from search.indexing import VectorCache, count_kept

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from search.indexing import Encoder

    Vectors = NDArray[np.float32]

# New vectors are saved at this interval, so that a stopped job loses at most this much encoding.
SECONDS_BETWEEN_KEEPING = 2.0


class KeptEncoding:
    """An encoder of passages that never encodes a text twice."""

    def __init__(self, encoder: Encoder, cache: VectorCache, progress: Progress) -> None:
        self._encoder = encoder
        self._cache = cache
        self._progress = progress
        self.encoded = 0
        """Number of texts encoded by the model."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of texts, shape (texts, dimension), float32, in order."""
        card = self._encoder.card
        vectors = np.zeros((len(texts), card.dimension), np.float32)
        known = self._cache.find(card.fingerprint, texts, card.dimension, unit_length=card.normalizes)
        for position, vector in known.items():
            vectors[position] = vector
        self._progress.advance(len(known))
        missing: dict[str, list[int]] = {}
        for position, text in enumerate(texts):
            if position not in known:
                missing.setdefault(text, []).append(position)
        if missing:
            self._encode(missing, vectors)
        return vectors

    def _encode(self, positions: Mapping[str, Sequence[int]], vectors: Vectors) -> None:
        """Encode each text, and write its vector to all its positions in `vectors`."""
        texts = list(positions)
        pending: list[str] = []
        kept = time.monotonic()
        try:
            with closing(self._encoder.encode_passages(texts)) as encoded:
                for batch, found in encoded:
                    done = [texts[number] for number in batch]
                    for text, vector in zip(done, found, strict=True):
                        vectors[positions[text]] = vector
                    pending += done
                    self._progress.advance(sum(len(positions[text]) for text in done))
                    if time.monotonic() - kept >= SECONDS_BETWEEN_KEEPING:
                        self._keep(pending, positions, vectors)
                        pending, kept = [], time.monotonic()
        finally:
            self._keep(pending, positions, vectors)
        self.encoded += len(texts)

    def _keep(self, texts: Sequence[str], positions: Mapping[str, Sequence[int]], vectors: Vectors) -> None:
        first = [positions[text][0] for text in texts]
        self._cache.add(self._encoder.card.fingerprint, texts, vectors[first])


def count_encoded(snapshot: Snapshot, cache: Path, fingerprint: str) -> int:
    """Return how many passages of a snapshot with words only have a vector in the cache already."""
    with closing(Catalogue(snapshot.folder / CATALOGUE)) as catalogue:
        return count_kept(cache, fingerprint, catalogue.texts())
