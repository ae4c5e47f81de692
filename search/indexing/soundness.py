"""What is wrong with the files of a library's indexes."""

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


def words_out_of_step(folder: Path, passages_of: Sequence[int], words: Sequence[int]) -> bool:
    """Return whether the index by words is of other lessons or passages than the catalogue's.

    The catalogue has how many passages each lesson has, and how many words each of them. Raises `DamagedIndex`.
    """
    postings = Postings.read(folder / WORDS)
    return (postings.passages_of.tolist(), postings.body_lengths.tolist()) != (list(passages_of), list(words))


def vector_defects(folder: Path, texts: Iterable[str], encoder: EncoderCard) -> Iterator[str]:
    """Give what is wrong with the index by meaning of these texts; raises `DamagedIndex`."""
    with VectorFile.open(folder / VECTORS) as vectors:
        if vectors.dimension != encoder.dimension:
            yield (
                f"{folder}: the model's vectors have {encoder.dimension} numbers, those of the index"
                f" {vectors.dimension}"
            )
        keys = read_keys(folder / VECTORS)
        if len(vectors) != len(keys) or not np.array_equal(keys, keys_of(texts)):
            yield f"{folder}: passages and vectors are not in step"
        lengths = [np.linalg.norm(block, axis=1) for block in vectors.blocks()]
    yield from _wrong_lengths(folder, np.concatenate([np.zeros(0, np.float32), *lengths]), encoder)


def _wrong_lengths(folder: Path, lengths: Vectors, encoder: EncoderCard) -> Iterator[str]:
    """Name the first vector without unit length; a model may also compare by length.

    Zero is only a text without a token, which there is where the model puts none of its own around it.
    """
    right = np.isclose(lengths, 1.0, atol=UNIT_LENGTH_TOLERANCE) if encoder.normalizes else np.isfinite(lengths)
    right = np.where(lengths == 0, not encoder.special_tokens, right)
    if not right.all():
        wrong = int(np.flatnonzero(~right)[0])
        yield f"{folder}: the vector of passage {wrong:,} has the length {lengths[wrong]:.3f}, not 1"
