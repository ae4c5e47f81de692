"""The lessons of a snapshot by number, as memory-mapped arrays, so that a query need not read all lessons."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from search.errors import DamagedIndex
from search.storage import StringList, map_array, write_array

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Outline(NamedTuple):
    """Data of each lesson without the catalogue; the number of a lesson is its position by path."""

    paths: StringList
    rows: NDArray[np.int64]
    """Shape (lessons,): the row of the lesson in the catalogue, by which its facts name it."""
    statements: NDArray[np.int64]
    """Shape (lessons,): the number of passages from the front matter, which are the first of a lesson."""

    @classmethod
    def of(cls, lessons: Iterable[tuple[str, int, int]]) -> Outline:
        """Return the outline for (path, row, number of statements) of each lesson, ordered by path."""
        known = list(lessons)
        numbers = np.array([(row, statements) for _, row, statements in known], np.int64).reshape(-1, 2)
        return cls(StringList.of(path for path, _, _ in known), *np.ascontiguousarray(numbers.T))

    @classmethod
    def read(cls, folder: Path) -> Outline:
        """Map the files that `write` wrote; raises `DamagedIndex`."""
        numbers = (map_array(folder / f"{name}.npy", np.int64) for name in _ARRAYS)
        outline = cls(StringList.read(folder, "paths"), *numbers)
        if not len(outline.paths) == len(outline.rows) == len(outline.statements):
            raise DamagedIndex(f"{folder}: its files do not belong together")
        return outline

    def write(self, folder: Path) -> None:
        """Write the arrays into a folder, which is created."""
        folder.mkdir()
        self.paths.write(folder, "paths")
        for name in _ARRAYS:
            write_array(folder / f"{name}.npy", getattr(self, name))

    def lessons(self) -> list[tuple[str, int, int]]:
        """Return (path, row, number of statements) of each lesson."""
        return list(zip(self.paths, self.rows.tolist(), self.statements.tolist(), strict=True))

    def numbers_of(self, rows: Iterable[int]) -> NDArray[np.int64]:
        """Return the lesson number of each row, in the same order; raises `DamagedIndex` for an unknown row."""
        wanted_rows, order = np.fromiter(rows, np.int64), np.argsort(self.rows, kind="stable")
        places = np.searchsorted(self.rows, wanted_rows, sorter=order)
        if not len(wanted_rows):
            return wanted_rows
        if int(places.max()) >= len(order) or (self.rows[order[places]] != wanted_rows).any():
            raise DamagedIndex("catalogue and outline do not match: a fact belongs to no lesson")
        return np.asarray(order[places], np.int64)


_ARRAYS = ("rows", "statements")
