"""Numbers in as few bytes as they need: seven bits in each, the lowest first; the highest bit says that more follow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MOST_BYTES = 5


class Packed:
    """An array of numbers as bytes, of which any stretch can be taken."""

    def __init__(self, numbers: NDArray[np.integer]) -> None:
        """`numbers` are at least 0 and below 2^35; shape (n,)."""
        values = numbers.astype(np.int64)[:, None]
        shifts = 7 * np.arange(_MOST_BYTES)
        sevens = (values >> shifts) & 0x7F
        used = np.maximum((values >> shifts > 0).sum(axis=1), 1)
        is_used = np.arange(_MOST_BYTES) < used[:, None]
        is_last = np.arange(_MOST_BYTES) == used[:, None] - 1
        self._bytes = np.where(is_last, sevens, sevens | 0x80).astype(np.uint8)[is_used].tobytes()
        self._ends = np.concatenate([[0], np.cumsum(used)])

    def of(self, start: int, end: int) -> bytes:
        """Return the bytes of the numbers from `start` to before `end`."""
        return bytes(self._bytes[int(self._ends[start]) : int(self._ends[end])])

    @property
    def whole(self) -> bytes:
        return bytes(self._bytes)


def packed(*numbers: int) -> bytes:
    """Return a few numbers as bytes, faster than an array of them."""
    found = bytearray()
    for number in numbers:
        while number > 0x7F:
            found.append(number & 0x7F | 0x80)
            number >>= 7
        found.append(number)
    return bytes(found)
