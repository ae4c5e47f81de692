"""Vectors of texts that were encoded before, whatever became of the lessons and snapshots they were for."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from search.encoder import Vectors

_SCHEMA = "CREATE TABLE IF NOT EXISTS vectors (fingerprint TEXT, text BLOB, vector BLOB, UNIQUE (fingerprint, text))"
_ASKED_AT_ONCE = 500


class VectorCache:
    """Fingerprint and text hash → vector, in one file that may be deleted at any time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._connection = self._open()
        except sqlite3.DatabaseError:
            path.unlink(missing_ok=True)  # damaged: it only saves time, so it starts anew
            self._connection = self._open()

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=60)
        connection.execute(_SCHEMA)
        return connection

    def close(self) -> None:
        self._connection.close()

    def find(self, fingerprint: str, texts: Sequence[str], dimension: int) -> dict[int, Vectors]:
        """Return the known vectors by position in `texts`."""
        keys = [_key(text) for text in texts]
        known: dict[bytes, bytes] = {}
        for start in range(0, len(keys), _ASKED_AT_ONCE):
            asked = keys[start : start + _ASKED_AT_ONCE]
            marks = ",".join("?" * len(asked))
            rows = self._connection.execute(
                f"SELECT text, vector FROM vectors WHERE fingerprint = ? AND text IN ({marks})",  # noqa: S608 - marks only
                [fingerprint, *asked],
            )
            known |= {text: vector for text, vector in rows if len(vector) == 4 * dimension}
        return {position: np.frombuffer(known[key], np.float32) for position, key in enumerate(keys) if key in known}

    def add(self, fingerprint: str, texts: Iterable[str], vectors: Vectors) -> None:
        """Keep vectors; once this returns they survive whatever happens to the process."""
        rows = [
            (fingerprint, _key(text), np.ascontiguousarray(vector, np.float32).tobytes())
            for text, vector in zip(texts, vectors, strict=True)
        ]
        with self._connection:
            self._connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", rows)


def _key(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
