"""The model and the vectors of a library, opened in parallel with everything else."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock, Thread
from typing import TYPE_CHECKING, NamedTuple, NoReturn, Protocol

from search.errors import ModelError
from search.storage.memory import is_lack_of_memory

if TYPE_CHECKING:
    from search.models.encoder import Encoder
    from search.semantic.index import VectorIndex


class SemanticSource(Protocol):
    """The model and the vectors of a library; if they cannot be opened, search by words still works."""

    def start(self) -> None:
        """Start to open them, unless that was done before."""
        ...

    def opened(self) -> tuple[Encoder, VectorIndex]:
        """Wait for both; raises `ModelError`, `DamagedIndex` or `MemoryError` if opening failed with it."""
        ...


class ThreadedSource:
    """Opens the encoder and the vectors in a thread of its own; a caller that needs them waits.

    Importing onnxruntime and faiss and opening the model takes half of the time of a cold search, and much of it runs
    without the global interpreter lock. The thread is no daemon: a process that ends while a library is being imported
    would crash.
    """

    def __init__(self, read: Callable[[], tuple[Encoder, VectorIndex]]) -> None:
        self._read = read
        self._opened: tuple[Encoder, VectorIndex] | BaseException | None = None
        self._thread = Thread(target=self._open, name="semantic source")
        self._starting = Lock()

    def start(self) -> None:
        with self._starting:
            if self._thread.ident is None:
                self._thread.start()

    def opened(self) -> tuple[Encoder, VectorIndex]:
        self.start()
        self._thread.join()
        assert self._opened is not None
        if isinstance(self._opened, BaseException):
            if is_lack_of_memory(self._opened):
                raise MemoryError from self._opened
            raise self._opened
        return self._opened

    def _open(self) -> None:
        try:
            self._opened = self._read()
        except BaseException as error:  # raised again in `opened`
            self._opened = error


class MissingSource(NamedTuple):
    """The `SemanticSource` of a library that is indexed by words only."""

    why: Callable[[], str]

    def start(self) -> None:
        """Do nothing: there is nothing to open."""

    def opened(self) -> NoReturn:
        """Raise `ModelError` with the reason why there is none."""
        raise ModelError(self.why())
