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
        self._connection = self._connect()
        try:
            self._connection.execute(_SCHEMA)
        except sqlite3.OperationalError:
            raise  # locked, or no space: nothing is wrong with the file
        except sqlite3.DatabaseError:
            self._start_anew()

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=60)

    def _start_anew(self) -> None:
        """Drop a damaged file: it only saves time."""
        self._connection.close()
        self._path.unlink(missing_ok=True)
        self._connection = self._connect()
        self._connection.execute(_SCHEMA)

    def close(self) -> None:
        self._connection.close()

    def find(self, fingerprint: str, texts: Sequence[str], dimension: int) -> dict[int, Vectors]:
        """Return the known vectors by position in `texts`."""
        keys = [text_key(text) for text in texts]
        try:
            known = self._known(fingerprint, keys, dimension)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            self._start_anew()
            return {}
        return {position: np.frombuffer(known[key], np.float32) for position, key in enumerate(keys) if key in known}

    def _known(self, fingerprint: str, keys: Sequence[bytes], dimension: int) -> dict[bytes, bytes]:
        known: dict[bytes, bytes] = {}
        for start in range(0, len(keys), _ASKED_AT_ONCE):
            asked = keys[start : start + _ASKED_AT_ONCE]
            marks = ",".join("?" * len(asked))
            rows = self._connection.execute(
                f"SELECT text, vector FROM vectors WHERE fingerprint = ? AND text IN ({marks})",  # noqa: S608 - marks only
                [fingerprint, *asked],
            )
            known |= {text: vector for text, vector in rows if len(vector) == 4 * dimension}
        return known

    def add(self, fingerprint: str, texts: Iterable[str], vectors: Vectors) -> None:
        """Keep vectors; once this returns they survive whatever happens to the process."""
        rows = [
            (fingerprint, text_key(text), np.ascontiguousarray(vector, np.float32).tobytes())
            for text, vector in zip(texts, vectors, strict=True)
        ]
        with self._connection:
            self._connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", rows)


def text_key(text: str) -> bytes:
    """Return the hash, 16 bytes, under which a text's vector is known."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
