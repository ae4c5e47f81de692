"""An encoder that many threads of one process use at once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np

from search.models.encoder import Encoder
from search.models.encoders import Encoders

if TYPE_CHECKING:
    from ingest.window import Window
    from search.models.encoder import Vectors
    from search.models.encoder_card import EncoderCard

# Queries that wait are encoded together, this many at most.
_TOGETHER = 8
# From this number of texts on, as for an index, nothing is remembered: they are not asked for again.
_BULK = 64
_MOST_REMEMBERED = 20_000
"""Vectors of sentences that are remembered; 30 MB with 384 dimensions."""

_alone: ContextVar[bool] = ContextVar("encoded alone", default=False)


@contextmanager
def encoded_alone() -> Iterator[None]:
    """Encode each query of this thread alone inside the `with` block: its vector is the same to the bit, always.

    Encoded with others, a vector differs by 1e-7 from that of the query alone, which the last digits of a score show.
    """
    before = _alone.set(True)
    try:
        yield
    finally:
        _alone.reset(before)


@runtime_checkable
class _EncoderOfMany(Encoder, Protocol):
    def encode_queries(self, texts: Sequence[str]) -> Vectors: ...

    def encode_sentences(self, texts: Sequence[str]) -> Vectors: ...


class SharedEncoder:
    """Encodes queries that wait at the same time together, and remembers the vectors of sentences."""

    def __init__(self, encoder: _EncoderOfMany) -> None:
        self._encoder = encoder
        self._waiting: list[_Waiting] = []
        self._queueing, self._encoding = Lock(), Lock()
        self._remembered = _Remembered()

    @property
    def card(self) -> EncoderCard:
        return self._encoder.card

    @property
    def window(self) -> Window:
        return self._encoder.window

    def encode_query(self, text: str) -> Vectors:
        if _alone.get():
            return self._encoder.encode_query(text)
        waiting = _Waiting(text)
        with self._queueing:
            self._waiting.append(waiting)
        with self._encoding:  # whoever comes first encodes what the others, who wait here, have asked for
            if not waiting.is_done:
                self._encode_some()
        return waiting.result()

    def encode_passages(self, texts: Sequence[str]) -> Generator[tuple[list[int], Vectors]]:
        if len(texts) >= _BULK:
            yield from self._encoder.encode_passages(texts)
            return
        known = [self._remembered.get(text) for text in texts]
        missing = [place for place, vector in enumerate(known) if vector is None]
        if missing:
            for place, vector in zip(missing, self._encoder.encode_sentences([texts[i] for i in missing]), strict=True):
                known[place] = vector
                self._remembered.put(texts[place], vector)
        if texts:
            yield list(range(len(texts))), np.stack([vector for vector in known if vector is not None])

    def _encode_some(self) -> None:
        with self._queueing:
            some, self._waiting = self._waiting[:_TOGETHER], self._waiting[_TOGETHER:]
        try:
            if len(some) == 1:
                vectors: Sequence[Vectors] = [self._encoder.encode_query(some[0].text)]
            else:
                vectors = list(self._encoder.encode_queries([waiting.text for waiting in some]))
        except BaseException as error:
            for waiting in some:
                waiting.error = error
            return
        for waiting, vector in zip(some, vectors, strict=True):
            waiting.vector = vector


class _Waiting:
    """A query that waits to be encoded."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.vector: Vectors | None = None
        self.error: BaseException | None = None

    @property
    def is_done(self) -> bool:
        return self.vector is not None or self.error is not None

    def result(self) -> Vectors:
        if self.error is not None:
            raise self.error
        assert self.vector is not None
        return self.vector


class _Remembered:
    """The vectors of the texts that were encoded last."""

    def __init__(self) -> None:
        self._vectors: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = Lock()

    def get(self, text: str) -> Vectors | None:
        with self._lock:
            if (vector := self._vectors.get(text)) is not None:
                self._vectors.move_to_end(text)
            return vector

    def put(self, text: str, vector: Vectors) -> None:
        with self._lock:
            self._vectors[text] = vector.copy()  # not a view that keeps a whole batch
            while len(self._vectors) > _MOST_REMEMBERED:
                self._vectors.popitem(last=False)


class SharedEncoders(Encoders):
    """The encoders of a process that answers many requests: each is opened once, and shared."""

    _shared: Encoder | None = None

    def open_for(self, card: EncoderCard) -> Encoder:
        """Return the encoder that made an index's vectors, as `Encoders.open_for`."""
        if self._shared is None or self._shared.card.fingerprint != card.fingerprint:
            opened = super().open_for(card)
            # One that runs through sentence-transformers alone is slow in any case.
            self._shared = SharedEncoder(opened) if isinstance(opened, _EncoderOfMany) else opened
        return self._shared
