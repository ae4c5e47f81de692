"""A cache of the vectors of texts, independent of the lessons and snapshots for which they were encoded."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from search.storage.sqlite import require_schema

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from search.models.encoder import Vectors

_SCHEMA = "CREATE TABLE IF NOT EXISTS vectors (fingerprint TEXT, text BLOB, vector BLOB, UNIQUE (fingerprint, text))"
_ASKED_AT_ONCE = 500
_READ_AT_ONCE = 4096
# The end of a rollback journal that names a super-journal; the name stands before it (sqlite.org/fileformat2.html,
# section 3).
_JOURNAL_MAGIC = bytes.fromhex("d9d505f920a163d7")
PATIENCE = 60.0  # seconds to wait for another process that writes
UNIT_LENGTH_TOLERANCE = 1e-3
"""Tolerance for the length of a vector that its encoder scaled to 1."""
_ORPHANS = "FROM vectors WHERE (fingerprint, text) NOT IN (SELECT fingerprint, text FROM named)"

Named = Mapping[str, Iterable[bytes]]
"""Fingerprint → the keys of the texts whose vectors are in use."""


class VectorCache:
    """Fingerprint and text key → vector, in one SQLite file that may be deleted at any time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection = self._connect()
        try:
            self._connection.execute(_SCHEMA)
            require_schema(self._connection, _SCHEMA)
        except sqlite3.OperationalError:
            raise  # locked, or no space: nothing is wrong with the file
        except sqlite3.DatabaseError:
            self._recreate()

    def _connect(self) -> sqlite3.Connection:
        _drop_foreign_journal(self._path)
        return sqlite3.connect(self._path, timeout=PATIENCE)

    def _recreate(self) -> None:
        """Replace a damaged file by an empty one: the cache only saves time."""
        self._connection.close()
        self._path.unlink(missing_ok=True)
        self._connection = self._connect()
        self._connection.execute(_SCHEMA)

    def close(self) -> None:
        self._connection.close()

    def find(self, fingerprint: str, texts: Sequence[str], dimension: int, *, unit_length: bool) -> dict[int, Vectors]:
        """Return the cached vectors by position in `texts`, without those that this encoder cannot have made."""
        keys = [text_key(text) for text in texts]
        try:
            found = self._known(fingerprint, keys, dimension)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            self._recreate()
            return {}
        known = _possible(found, unit_length=unit_length)
        return {position: known[key] for position, key in enumerate(keys) if key in known}

    def _known(self, fingerprint: str, keys: Sequence[bytes], dimension: int) -> dict[bytes, bytes]:
        known: dict[bytes, bytes] = {}
        for start in range(0, len(keys), _ASKED_AT_ONCE):
            chunk = keys[start : start + _ASKED_AT_ONCE]
            marks = ",".join("?" * len(chunk))
            rows = self._connection.execute(
                f"SELECT text, vector FROM vectors WHERE fingerprint = ? AND text IN ({marks})",  # noqa: S608 - marks only
                [fingerprint, *chunk],
            )
            known |= {text: vector for text, vector in rows if len(vector) == 4 * dimension}
        return known

    def add(self, fingerprint: str, texts: Iterable[str], vectors: Vectors) -> None:
        """Store vectors, except zero vectors; they are committed when this returns."""
        rows = [
            (fingerprint, text_key(text), np.ascontiguousarray(vector, np.float32).tobytes())
            for text, vector in zip(texts, vectors, strict=True)
            if vector.any()
        ]
        with self._connection:
            self._connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", rows)

    def __len__(self) -> int:
        (count,) = self._connection.execute("SELECT count(*) FROM vectors").fetchone()
        return int(count)

    def orphans(self, named: Named) -> int:
        """Return the number of vectors that are not in `named`."""
        with self._connection:
            self._note(named)
            (count,) = self._connection.execute(f"SELECT count(*) {_ORPHANS}").fetchone()
        return int(count)

    def keep_only(self, named: Named) -> int:
        """Remove the vectors that are not in `named`, all of them or none; returns their number."""
        with self._connection:
            self._note(named)
            return self._connection.execute(f"DELETE {_ORPHANS}").rowcount

    def _note(self, named: Named) -> None:
        columns = "fingerprint TEXT, text BLOB, PRIMARY KEY (fingerprint, text)"
        self._connection.execute(f"CREATE TEMP TABLE IF NOT EXISTS named ({columns}) WITHOUT ROWID")
        self._connection.execute("DELETE FROM named")
        rows = ((fingerprint, key) for fingerprint, keys in named.items() for key in keys)
        self._connection.executemany("INSERT OR IGNORE INTO named VALUES (?, ?)", rows)

    def shrink(self) -> None:
        """Reduce the file's size after removals, if the disk has room to write the rest anew."""
        if shutil.disk_usage(self._path.parent).free > 2 * self._path.stat().st_size:
            with suppress(sqlite3.OperationalError):  # less room than it seemed: nothing is lost
                self._connection.execute("VACUUM")

    def impossible(self, fingerprint: str, dimension: int, *, unit_length: bool) -> list[bytes]:
        """Return the keys of the texts whose vector this encoder cannot have made.

        Such a vector has another size, is zero or not finite, or does not have unit length.
        """
        return [
            key
            for key, vector in self._vectors_of(fingerprint)
            if len(vector) != 4 * dimension
            or not _are_possible(np.frombuffer(vector, np.float32)[None], unit_length).all()
        ]

    def _vectors_of(self, fingerprint: str) -> Iterator[tuple[bytes, bytes]]:
        found = self._connection.execute("SELECT text, vector FROM vectors WHERE fingerprint = ?", [fingerprint])
        while rows := found.fetchmany(_READ_AT_ONCE):
            yield from rows

    def remove(self, fingerprint: str, keys: Iterable[bytes]) -> None:
        """Remove the vectors of texts, given by their keys."""
        rows = [(fingerprint, key) for key in keys]
        with self._connection:
            self._connection.executemany("DELETE FROM vectors WHERE fingerprint = ? AND text = ?", rows)


def _drop_foreign_journal(path: Path) -> None:
    """Remove a journal that names a super-journal, which SQLite would look for and might delete; kb makes none."""
    journal = path.with_name(f"{path.name}-journal")
    with suppress(OSError):
        with journal.open("rb") as file:
            file.seek(-len(_JOURNAL_MAGIC), os.SEEK_END)
            names_another = file.read() == _JOURNAL_MAGIC
        if names_another:
            journal.unlink()


def count_kept(path: Path, fingerprint: str, texts: Iterable[str]) -> int:
    """Return for how many texts a cache file has the vector; 0 if it cannot be read. Changes nothing."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as cache:
        found = cache.execute("SELECT text FROM vectors WHERE fingerprint = ?", [fingerprint])
        known = {key for (key,) in found}
        return sum(text_key(text) in known for text in texts)
    return 0


def damage_of(path: Path) -> str:
    """Return what is wrong with a cache file, empty if nothing; no vector is removed.

    Raises `sqlite3.OperationalError` if the file cannot be read.
    """
    _drop_foreign_journal(path)
    # Not read-only: first SQLite rolls back what a stopped process left half done.
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)) as connection:
        try:
            (result,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError as error:
            return str(error)
    return "" if result == "ok" else str(result)


def _possible(found: Mapping[bytes, bytes], *, unit_length: bool) -> dict[bytes, Vectors]:
    """Return the vectors, by text key, that the encoder can have made."""
    if not found:
        return {}
    rows = np.array([np.frombuffer(vector, np.float32) for vector in found.values()])
    return {key: row for key, row, good in zip(found, rows, _are_possible(rows, unit_length), strict=True) if good}


def _are_possible(vectors: Vectors, unit_length: bool) -> NDArray[np.bool_]:
    """Return for each row whether its length is 1, or without `unit_length` finite and not zero; shape (rows,)."""
    with np.errstate(over="ignore", invalid="ignore"):
        lengths: Vectors = np.linalg.norm(vectors, axis=1)
    return np.abs(lengths - 1) < UNIT_LENGTH_TOLERANCE if unit_length else np.isfinite(lengths) & (lengths > 0)


def text_key(text: str) -> bytes:
    """Return a text's key in the cache: its hash, 16 bytes."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
