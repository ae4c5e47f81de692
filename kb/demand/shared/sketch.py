"""The meaning of a shared gap in 128 bits: enough to see that two people mean the same in different words.

Each bit says on which side of a random plane the vector of the questions lies (random hyperplanes, Charikar 2002), so
the share of equal bits estimates the angle between two vectors, to some five degrees.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

BITS = 128
_FORM = re.compile(rf"[0-9a-f]{{{BITS // 4}}}")


def sketch_of(vector: NDArray[np.float32]) -> str:
    """Return the bits of a vector in hexadecimal digits; the same on every machine."""
    return np.packbits(_planes(len(vector)) @ vector > 0).tobytes().hex()


def is_sketch(text: str) -> bool:
    return bool(_FORM.fullmatch(text))


def unit_vector(sketch: str) -> NDArray[np.float32]:
    """Return the bits as 1 or -1, scaled to length 1, shape (BITS,); zeros for an empty text."""
    bits = np.unpackbits(np.frombuffer(bytes.fromhex(sketch), np.uint8))
    signs: NDArray[np.float32] = (bits * np.float32(2) - 1) / np.float32(BITS**0.5)
    return signs if len(signs) else np.zeros(BITS, np.float32)


@lru_cache(maxsize=2)
def _planes(dimension: int) -> NDArray[np.float32]:
    """Return random signs, shape (BITS, dimension), from a hash: numpy's random numbers may change with its version."""
    stream = hashlib.shake_256(b"kb gaps meaning").digest(BITS * dimension // 8 + 1)
    bits = np.unpackbits(np.frombuffer(stream, np.uint8))[: BITS * dimension]
    signs: NDArray[np.float32] = bits.reshape(BITS, dimension) * np.float32(2) - 1
    return signs
