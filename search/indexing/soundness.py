"""Finds damage in the files of a library's indexes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from search.indexing.opening import VECTORS, WORDS
from search.lexical.postings import Postings
from search.semantic.cache import UNIT_LENGTH_TOLERANCE
from search.semantic.keys import keys_of, read_keys
from search.semantic.vector_file import VectorFile

if TYPE_CHECKING:
    from search.models.encoder import Vectors
    from search.models.encoder_card import EncoderCard


def word_mismatches(folder: Path, passages_of: Sequence[int], words: Sequence[int]) -> bool:
    """Return whether the index by words has other lessons or passages than the catalogue.

    From the catalogue: `passages_of`, the number of passages of each lesson, and `words`, the number of words of each
    passage. Raises `DamagedIndex`.
    """
    postings = Postings.read(folder / WORDS)
    return (postings.passages_of.tolist(), postings.body_lengths.tolist()) != (list(passages_of), list(words))


def vector_defects(folder: Path, texts: Iterable[str], encoder: EncoderCard) -> Iterator[str]:
    """Yield what is wrong with the index by meaning of these texts; raises `DamagedIndex`."""
    with VectorFile.open(folder / VECTORS) as vectors:
        if vectors.dimension != encoder.dimension:
            yield (
                f"{folder}: the model's vectors have {encoder.dimension} numbers, those of the index"
                f" {vectors.dimension}"
            )
        keys = read_keys(folder / VECTORS)
        if len(vectors) != len(keys) or not np.array_equal(keys, keys_of(texts)):
            yield f"{folder}: passages and vectors do not match"
        lengths = [np.linalg.norm(block, axis=1) for block in vectors.blocks()]
    yield from _wrong_lengths(folder, np.concatenate([np.zeros(0, np.float32), *lengths]), encoder)


def _wrong_lengths(folder: Path, lengths: Vectors, encoder: EncoderCard) -> Iterator[str]:
    """Name the first vector whose length is not 1, or not finite if the model compares by inner product.

    A zero vector is right only for a text without tokens, which exists only if the model adds none of its own.
    """
    right = np.isclose(lengths, 1.0, atol=UNIT_LENGTH_TOLERANCE) if encoder.normalizes else np.isfinite(lengths)
    right = np.where(lengths == 0, not encoder.special_tokens, right)
    if not right.all():
        wrong = int(np.flatnonzero(~right)[0])
        yield f"{folder}: the vector of passage {wrong:,} has the length {lengths[wrong]:.3f}, not 1"
