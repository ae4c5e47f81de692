"""Arrays as files, in numpy's own format, without pickles."""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from search.errors import DamagedIndex

if TYPE_CHECKING:
    from numpy.typing import NDArray

# numpy parses the head of a file as Python; before Python 3.13 two threads that do so disturb each other, and one
# gets "AST constructor recursion depth mismatch" (CPython issue 106905).
_ONE_PARSES = Lock()


def write_array(path: Path, array: NDArray[Any]) -> None:
    """Write an array, in place of what was there."""
    np.save(path, array, allow_pickle=False)


def map_array(path: Path) -> NDArray[Any]:
    """Map the array of a file; raises `DamagedIndex`."""
    try:
        with _ONE_PARSES:
            mapped = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise DamagedIndex(f"{path}: {str(error).splitlines()[0]}") from error
    return np.asarray(mapped)  # a plain view: numpy's own memmap type makes every slice slow
