"""The lessons of a snapshot by number, as arrays that are mapped: a query needs them without reading all lessons."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from search.errors import DamagedIndex
from search.storage.arrays import map_array, write_array
from search.storage.string_list import StringList

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Outline(NamedTuple):
    """What is known of each lesson without the catalogue; a lesson's number is its position by path."""

    paths: StringList
    rows: NDArray[np.int64]
    """By which the catalogue's facts know a lesson."""
    statements: NDArray[np.int64]
    """How many passages of a lesson, its first ones, are statements of its front matter."""

    @classmethod
    def of(cls, lessons: Iterable[tuple[str, int, int]]) -> Outline:
        """Make one of the path, the row and the statements of each lesson."""
        known = list(lessons)
        numbers = np.array([(row, statements) for _, row, statements in known], np.int64).reshape(-1, 2)
        return cls(StringList.of(path for path, _, _ in known), *np.ascontiguousarray(numbers.T))

    @classmethod
    def read(cls, folder: Path) -> Outline:
        """Map what `write` wrote; raises `DamagedIndex`."""
        numbers = (map_array(folder / f"{name}.npy", np.int64) for name in _ARRAYS)
        outline = cls(StringList.read(folder, "paths"), *numbers)
        if not len(outline.paths) == len(outline.rows) == len(outline.statements):
            raise DamagedIndex(f"{folder}: its files do not belong together")
        return outline

    def write(self, folder: Path) -> None:
        """Write a folder that is made for it."""
        folder.mkdir()
        self.paths.write(folder, "paths")
        for name in _ARRAYS:
            write_array(folder / f"{name}.npy", getattr(self, name))

    def lessons(self) -> list[tuple[str, int, int]]:
        """Return the path, the row and the statements of each lesson."""
        return list(zip(self.paths, self.rows.tolist(), self.statements.tolist(), strict=True))

    def numbers_of(self, rows: Iterable[int]) -> NDArray[np.int64]:
        """Return the number of the lesson of each row; raises `DamagedIndex` for a row that no lesson has."""
        asked, order = np.fromiter(rows, np.int64), np.argsort(self.rows, kind="stable")
        places = np.searchsorted(self.rows, asked, sorter=order)
        if not len(asked):
            return asked
        if int(places.max()) >= len(order) or (self.rows[order[places]] != asked).any():
            raise DamagedIndex("catalogue and outline are not in step: a fact is of no lesson")
        return np.asarray(order[places], np.int64)


_ARRAYS = ("rows", "statements")
