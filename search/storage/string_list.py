"""A list of strings in two memory-mapped files; a string is decoded only when it is read."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, overload

import numpy as np

from search.errors import DamagedIndex
from search.storage.arrays import map_array, write_array

if TYPE_CHECKING:
    from numpy.typing import NDArray


_STEP = 256
"""So many neighbouring strings are decoded at once, and kept, when one of them is looked for."""


class StringList(Sequence[str]):
    """A sequence of strings that opens without decoding any. Invalid UTF-8 in a foreign index is replaced."""

    def __init__(self, text: NDArray[np.uint8], ends: NDArray[np.int64]) -> None:
        """`text` has all strings in UTF-8, one after the other; `ends` the byte offset at which each ends."""
        self._text = text
        self._ends = ends
        self._blocks: dict[int, list[str]] = {}

    @classmethod
    def of(cls, strings: Iterable[str]) -> StringList:
        encoded = [string.encode() for string in strings]
        ends = np.cumsum([len(string) for string in encoded], dtype=np.int64)
        return cls(np.frombuffer(b"".join(encoded), np.uint8), ends)

    @classmethod
    def read(cls, folder: Path, name: str) -> StringList:
        """Memory-map what `write` wrote; raises `DamagedIndex`."""
        text, ends = map_array(folder / f"{name}.npy", np.uint8), map_array(folder / f"{name}_ends.npy", np.int64)
        if len(text) != (ends[-1] if len(ends) else 0) or (np.diff(ends, prepend=0) < 0).any():
            raise DamagedIndex(f"{folder}: its files do not belong together")
        return cls(text, ends)

    def write(self, folder: Path, name: str) -> None:
        """Write `<name>.npy` and `<name>_ends.npy`."""
        write_array(folder / f"{name}.npy", self._text)
        write_array(folder / f"{name}_ends.npy", self._ends)

    def __len__(self) -> int:
        return len(self._ends)

    @overload
    def __getitem__(self, position: int) -> str: ...

    @overload
    def __getitem__(self, position: slice) -> list[str]: ...

    def __getitem__(self, position: int | slice) -> str | list[str]:
        if isinstance(position, slice):
            return [self[number] for number in range(*position.indices(len(self)))]
        number = range(len(self))[position]
        start = int(self._ends[number - 1]) if number else 0
        return self._text[start : int(self._ends[number])].tobytes().decode("utf-8", "replace")

    def __iter__(self) -> Iterator[str]:
        return iter(self._between(0, len(self)))

    def find(self, string: str) -> int | None:
        """Return the index of a string in a sorted list, None if it is not there."""
        number = max(bisect_right(self._landmarks, string) - 1, 0)
        block = self._blocks.get(number)
        if block is None:
            block = self._blocks[number] = self._between(number * _STEP, min((number + 1) * _STEP, len(self)))
        position = bisect_left(block, string)
        return number * _STEP + position if position < len(block) and block[position] == string else None

    def _between(self, first: int, last: int) -> list[str]:
        start = int(self._ends[first - 1]) if first else 0
        ends = (self._ends[first:last] - start).tolist()
        text = self._text[start : start + ends[-1]].tobytes() if ends else b""
        return [text[begin:end].decode("utf-8", "replace") for begin, end in pairwise([0, *ends])]

    @cached_property
    def _landmarks(self) -> list[str]:
        return [self[number] for number in range(0, len(self), _STEP)]
