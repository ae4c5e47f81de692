"""The vectors of a snapshot in numpy's file format, read and written in blocks: they need not fit in memory."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
from numpy.lib import format as npy

from search.errors import DamagedIndex
from search.storage.arrays import map_array

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from search.models.encoder import Vectors

    Rows = NDArray[np.integer]

NAME = "rows.npy"
_ROWS_AT_ONCE = 4096


class VectorFile:
    """A matrix of float32 on disk, one row per vector; as a context manager it closes its file."""

    def __init__(self, file: BinaryIO, count: int, dimension: int) -> None:
        """`file` is positioned at its first row."""
        self._file = file
        self._count = count
        self._start = file.tell()
        self.dimension = dimension

    @classmethod
    def create(cls, folder: Path, count: int, dimension: int) -> VectorFile:
        """Create a folder with a file of zeros, to be filled with `put`."""
        folder.mkdir()
        file = (folder / NAME).open("w+b")
        header = {
            "descr": npy.dtype_to_descr(np.dtype(np.float32)),
            "fortran_order": False,
            "shape": (count, dimension),
        }
        npy.write_array_header_1_0(file, header)
        file.truncate(file.tell() + 4 * count * dimension)
        return cls(file, count, dimension)

    @classmethod
    def open(cls, folder: Path) -> VectorFile:
        """Open an existing file for reading; raises `DamagedIndex`."""
        count, dimension = map_vectors(folder).shape
        file = (folder / NAME).open("rb")
        npy.read_magic(file)
        npy.read_array_header_1_0(file)
        return cls(file, count, dimension)

    def __enter__(self) -> VectorFile:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __len__(self) -> int:
        return self._count

    def blocks(self) -> Iterator[Vectors]:
        """Yield all rows in order, in blocks of `_ROWS_AT_ONCE`; raises `DamagedIndex`."""
        for start in range(0, self._count, _ROWS_AT_ONCE):
            yield self.at(np.arange(start, min(start + _ROWS_AT_ONCE, self._count)))

    def at(self, rows: Rows) -> Vectors:
        """Return the rows with these numbers, shape (rows, dimension); raises `DamagedIndex`."""
        found = np.empty((len(rows), self.dimension), np.float32)
        for part in _runs(rows):
            self._seek(rows[part.start])
            if self._file.readinto(found[part].data) != found[part].nbytes:  # type: ignore[attr-defined]  # it is buffered
                raise DamagedIndex(f"{self._file.name}: fewer vectors than its header says")
        return found

    def put(self, rows: Rows, vectors: Vectors) -> None:
        """Write vectors as the rows with these numbers."""
        for part in _runs(rows):
            self._seek(rows[part.start])
            self._file.write(np.ascontiguousarray(vectors[part], np.float32).data)

    def take(self, other: VectorFile, sources: Rows, rows: Rows) -> None:
        """Copy the rows `sources` of another file to the rows `rows` of this one."""
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            part = slice(start, start + _ROWS_AT_ONCE)
            self.put(rows[part], other.at(sources[part]))

    def _seek(self, row: int) -> None:
        self._file.seek(self._start + 4 * self.dimension * int(row))


def map_vectors(folder: Path) -> Vectors:
    """Memory-map all rows read-only, shape (passages, dimension); rows not read take no memory.

    Raises `DamagedIndex`.
    """
    path = folder / NAME
    rows = map_array(path, np.float32, 2)
    if not rows.shape[1]:
        raise DamagedIndex(f"{path}: not rows of vectors")
    return rows


def _runs(rows: Rows) -> Iterator[slice]:
    """Yield the slices of `rows` in which each number is one more than the number before."""
    bounds = [0, *(np.flatnonzero(np.diff(rows) != 1) + 1).tolist(), len(rows)]
    return (slice(first, end) for first, end in pairwise(bounds) if first < end)
