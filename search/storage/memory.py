"""The memory of this process: how seldom it is searched for garbage, and how a lack of it is noticed in time.

Each library reports a lack of memory in its own way, and some end the process without a message.
"""

from __future__ import annotations

import gc
import os
import resource
import sys
from collections.abc import Sequence
from math import inf
from pathlib import Path
from types import ModuleType

# Messages of C++'s allocator, as onnxruntime, faiss and tokenizers repeat them; of the system's `mmap`; of torch.
_MESSAGES = (
    *("bad allocation", "bad_alloc", "cannot allocate memory", "can't allocate memory", "failed to allocate"),
    *("failed to map segment", "can't start new thread", "unable to allocate", "mmap failed"),
)
# Address space that a library needs for loading, with one thread, measured: with less it ends the process without a
# message, or hangs. For onnxruntime with a running session; for torch with sentence-transformers.
_MEGABYTES = {"numpy": 90, "faiss": 220, "onnxruntime": 350, "scipy": 180, "torch": 800}

# The cyclic garbage collector runs when this many more objects were created than freed (700 by default). Imports and
# reading create many objects and few cycles: with the default it took 5 % of the time of a search by words.
_OBJECTS_BEFORE_COLLECTION = 50_000


def collect_seldom() -> None:
    """Let the cyclic garbage collector run less often."""
    gc.set_threshold(_OBJECTS_BEFORE_COLLECTION, 20, 20)


def is_lack_of_memory(error: BaseException) -> bool:
    """Return whether an error says that the system refused more memory, or another thread."""
    message = str(error).lower()
    if isinstance(error, MemoryError) or any(words in message for words in _MESSAGES):
        return True
    # If a C library is refused memory while it is loaded, Python sometimes knows only that loading failed.
    return isinstance(error, (SystemError, ImportError)) and is_limited()


def be_sparing() -> None:
    """If memory is limited (`ulimit -v`), load no library that would crash, and let none start many threads.

    Each thread of a linear algebra library takes 128 MB of address space; these libraries read the variables when they
    are loaded.
    """
    if is_limited():
        for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
            os.environ.setdefault(name, "1")
        if not any(isinstance(finder, _RoomFirst) for finder in sys.meta_path):
            sys.meta_path.insert(0, _RoomFirst())


def is_limited() -> bool:
    """Return whether this process may take only so much address space (`ulimit -v`)."""
    return resource.getrlimit(resource.RLIMIT_AS)[0] != resource.RLIM_INFINITY


class _RoomFirst:
    """The first finder in `sys.meta_path`: raises `MemoryError` for a module that needs more memory than is left."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        if name in _MEGABYTES and _left() < _MEGABYTES[name] * 2**20:
            raise MemoryError


def _left() -> float:
    """Return the bytes of address space that this process may still take."""
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:  # not Linux
        return inf
    return inf if limit == resource.RLIM_INFINITY else limit - pages * resource.getpagesize()
