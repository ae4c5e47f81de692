"""Model and vectors of a snapshot, opened beside everything else."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock, Thread
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from kb.index.snapshot import VECTORS, Snapshot
from search.errors import DamagedIndex, ModelError
from search.storage.memory import is_lack_of_memory

if TYPE_CHECKING:
    from search.semantic.encoder import Encoder
    from search.semantic.vectors import VectorIndex


class SemanticLeg:
    """Opens the encoder and the vectors in a thread of its own; whoever needs them waits.

    Importing onnxruntime and faiss and opening the model is half of a cold search, and much of it runs
    outside the interpreter's lock. The thread is no daemon: a process that ends while a library is being
    imported would crash.
    """

    def __init__(self, snapshot: Snapshot, open_encoder: Callable[[], Encoder]) -> None:
        self._snapshot = snapshot
        self._open_encoder = open_encoder
        self._opened: tuple[Encoder, VectorIndex] | BaseException | None = None
        self._thread = Thread(target=self._open, name="semantic leg")
        self._starting = Lock()

    def start(self) -> None:
        """Begin to open encoder and vectors, unless that has begun."""
        with self._starting:
            if self._thread.ident is None:
                self._thread.start()

    def opened(self) -> tuple[Encoder, VectorIndex]:
        """Wait for encoder and vectors; raises `ModelError`, `DamagedIndex` or `MemoryError` as opening did."""
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

    def _read(self) -> tuple[Encoder, VectorIndex]:
        encoder = self._open_encoder()
        from search.semantic.vectors import VectorIndex

        vectors = VectorIndex.read(self._snapshot.folder / VECTORS)
        if len(vectors) != self._snapshot.manifest.passages or vectors.dimension != encoder.card.dimension:
            raise DamagedIndex(f"{self._snapshot.folder}: vectors and passages are not in step")
        return encoder, vectors


class MissingLeg(NamedTuple):
    """Stands for the leg of a snapshot by words only."""

    why: Callable[[], str]

    def start(self) -> None:
        """Do nothing: there is nothing to open."""

    def opened(self) -> NoReturn:
        """Raise `ModelError`, and say why there is none."""
        raise ModelError(self.why())
