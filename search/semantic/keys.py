"""The keys of the texts whose vectors an index has, to verify that each vector belongs to its text."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search.errors import DamagedIndex
from search.semantic.cache import text_key
from search.storage.arrays import map_array, write_array

_NAME = "keys.npy"
KEY_BYTES = 16

Keys = NDArray[np.uint8]
"""The hash of each text; shape (passages, 16)."""


def keys_of(texts: Iterable[str]) -> Keys:
    """Return the key of each text, shape (texts, 16)."""
    return np.frombuffer(b"".join(map(text_key, texts)), np.uint8).reshape(-1, KEY_BYTES)


def write_keys(folder: Path, keys: Keys) -> None:
    """Write the keys beside the vectors."""
    write_array(folder / _NAME, keys)


def read_keys(folder: Path) -> Keys:
    """Memory-map what `write_keys` wrote; raises `DamagedIndex`."""
    path = folder / _NAME
    keys = map_array(path, np.uint8, 2)
    if keys.shape[1] != KEY_BYTES:
        raise DamagedIndex(f"{path}: not the keys of texts")
    return keys
