"""Model and vectors of a library, opened beside everything else."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock, Thread
from typing import TYPE_CHECKING, NamedTuple, NoReturn, Protocol

from search.errors import ModelError
from search.storage.memory import is_lack_of_memory

if TYPE_CHECKING:
    from search.models.encoder import Encoder
    from search.semantic.index import VectorIndex


class SemanticLeg(Protocol):
    """Model and vectors of a library, which may fail without taking the words along."""

    def start(self) -> None:
        """Begin to open them, unless that has begun."""
        ...

    def opened(self) -> tuple[Encoder, VectorIndex]:
        """Wait for both; raises `ModelError`, `DamagedIndex` or `MemoryError` as opening did."""
        ...


class ThreadedLeg:
    """Opens the encoder and the vectors in a thread of its own; whoever needs them waits.

    Importing onnxruntime and faiss and opening the model is half of a cold search, and much of it runs
    outside the interpreter's lock. The thread is no daemon: a process that ends while a library is being
    imported would crash.
    """

    def __init__(self, read: Callable[[], tuple[Encoder, VectorIndex]]) -> None:
        self._read = read
        self._opened: tuple[Encoder, VectorIndex] | BaseException | None = None
        self._thread = Thread(target=self._open, name="semantic leg")
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
        except BaseException as error:  # it is raised where it is waited for
            self._opened = error


class MissingLeg(NamedTuple):
    """The leg of a library that is indexed by words only."""

    why: Callable[[], str]

    def start(self) -> None:
        """Do nothing: there is nothing to open."""

    def opened(self) -> NoReturn:
        """Raise `ModelError` with the reason why there is none."""
        raise ModelError(self.why())
