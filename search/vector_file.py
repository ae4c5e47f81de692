"""The vectors of a snapshot row by row, in the file that faiss reads: more of them pass through than memory holds."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from search.errors import DamagedIndex

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from search.encoder import Vectors

    Rows = NDArray[np.integer]

NAME = "index.faiss"
# What faiss writes in front of the rows of an `IndexFlatIP`: its kind, the dimension, the count, two numbers
# that mean nothing, that it is trained, the metric, and how many floats follow.
_HEADER = struct.Struct("<4siqqq?iQ")
_KIND, _NOTHING, _INNER_PRODUCT = b"IxFI", 1 << 20, 0
_ROWS_AT_ONCE = 4096


class VectorFile:
    """So many rows of so many numbers; as a context it closes its file."""

    def __init__(self, file: BinaryIO, count: int, dimension: int) -> None:
        self._file = file
        self._count = count
        self.dimension = dimension

    @classmethod
    def create(cls, folder: Path, count: int, dimension: int) -> VectorFile:
        """Make a folder with a file of zeros, to be put in place."""
        folder.mkdir()
        file = (folder / NAME).open("w+b")
        numbers = count * dimension
        file.write(_HEADER.pack(_KIND, dimension, count, _NOTHING, _NOTHING, True, _INNER_PRODUCT, numbers))
        file.truncate(_HEADER.size + 4 * numbers)
        return cls(file, count, dimension)

    @classmethod
    def open(cls, folder: Path) -> VectorFile:
        """Open what was created, to read; raises `DamagedIndex`."""
        path = folder / NAME
        try:
            size = path.stat().st_size
            file = path.open("rb")
        except OSError as error:
            raise DamagedIndex(f"{path}: {error}") from error
        header = file.read(_HEADER.size)
        kind, dimension, count, *_, metric, numbers = _HEADER.unpack(header.ljust(_HEADER.size, b"\0"))
        right = (kind, metric, numbers, 4 * numbers) == (_KIND, _INNER_PRODUCT, count * dimension, size - _HEADER.size)
        if not right or dimension < 1:
            file.close()
            raise DamagedIndex(f"{path}: not an index of exact inner products")
        return cls(file, count, dimension)

    def __enter__(self) -> VectorFile:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __len__(self) -> int:
        return self._count

    def blocks(self) -> Iterator[Vectors]:
        """Give all rows in order, some thousands at once; raises `DamagedIndex`."""
        for start in range(0, self._count, _ROWS_AT_ONCE):
            yield self.at(np.arange(start, min(start + _ROWS_AT_ONCE, self._count)))

    def at(self, rows: Rows) -> Vectors:
        """Return the rows with these numbers, shape (rows, dimension); raises `DamagedIndex`."""
        found = np.empty((len(rows), self.dimension), np.float32)
        for part in _runs(rows):
            self._seek(rows[part.start])
            if self._file.readinto(found[part].data) != found[part].nbytes:  # type: ignore[attr-defined]  # it is buffered
                raise DamagedIndex(f"{self._file.name}: fewer vectors than it says")
        return found

    def put(self, rows: Rows, vectors: Vectors) -> None:
        """Write vectors as the rows with these numbers."""
        for part in _runs(rows):
            self._seek(rows[part.start])
            self._file.write(np.ascontiguousarray(vectors[part], np.float32).data)

    def take(self, other: VectorFile, sources: Rows, rows: Rows) -> None:
        """Write rows of another file, with these numbers there, as the rows with these numbers here."""
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            part = slice(start, start + _ROWS_AT_ONCE)
            self.put(rows[part], other.at(sources[part]))

    def _seek(self, row: int) -> None:
        self._file.seek(_HEADER.size + 4 * self.dimension * int(row))


def _runs(rows: Rows) -> Iterator[slice]:
    """Give the stretches in which each number is one more than that before."""
    bounds = [0, *(np.flatnonzero(np.diff(rows) != 1) + 1).tolist(), len(rows)]
    return (slice(first, end) for first, end in pairwise(bounds) if first < end)
