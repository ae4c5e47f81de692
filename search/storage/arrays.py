"""Arrays as files, in numpy's own format, without pickles."""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from search.errors import DamagedIndex

if TYPE_CHECKING:
    from numpy.typing import NDArray

# numpy parses the header of a file as Python; before Python 3.13 two threads that do so at the same time disturb each
# other, and one gets "AST constructor recursion depth mismatch" (CPython issue 106905).
_ONE_PARSES = Lock()


def write_array(path: Path, array: NDArray[Any]) -> None:
    """Write an array, replacing the file if there is one."""
    np.save(path, array, allow_pickle=False)


def map_array(path: Path, kind: type[np.generic], dimensions: int = 1) -> NDArray[Any]:
    """Memory-map the array of a file, which must have this dtype and dimensionality; raises `DamagedIndex`."""
    try:
        with _ONE_PARSES:
            mapped = np.load(path, mmap_mode="r", allow_pickle=False)
    except Exception as error:  # parsing a forged header can raise any type
        raise DamagedIndex(f"{path}: {(str(error).splitlines() or [type(error).__name__])[0]}") from error
    if mapped.dtype != kind or mapped.ndim != dimensions or not mapped.flags.c_contiguous:
        raise DamagedIndex(f"{path}: not an array of {kind.__name__}")
    return np.asarray(mapped)  # a plain view: numpy's own memmap type makes every slice slow
