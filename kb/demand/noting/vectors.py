"""Vectors of questions, stored as one byte for each number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kb.retrieval.answer import Meaning

_LARGEST = 127


def packed(meaning: Meaning | None) -> tuple[str, bytes | None]:
    """Return the model's fingerprint and the mean of a question's vectors in bytes; empty and None without vectors."""
    if meaning is None or not len(meaning.vectors):
        return "", None
    mean = meaning.vectors.mean(axis=0)
    largest = float(np.abs(mean).max())
    if not largest > 0:
        return "", None
    return meaning.model, np.rint(mean * (_LARGEST / largest)).astype(np.int8).tobytes()


def unpacked(vectors: Sequence[bytes]) -> NDArray[np.float32]:
    """Return unit vectors, shape (vectors, dimension); raises `ValueError` if they differ in length or are zero."""
    numbers = np.frombuffer(b"".join(vectors), np.int8).reshape(len(vectors), -1).astype(np.float32)
    lengths = np.linalg.norm(numbers, axis=1, keepdims=True)
    if len({len(vector) for vector in vectors}) != 1 or not (lengths > 0).all():
        raise ValueError("these are not vectors of one model")
    units: NDArray[np.float32] = numbers / lengths
    return units
