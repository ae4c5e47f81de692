"""What a command prints for another process: kept in pieces, in order, with the stream of each."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TextIO

from kb.served.caller import caller

Pieces = list[tuple[str, str]]
"""Each the name of a stream (`stdout`, `stderr`, or `pager`) and a text."""

_pieces: ContextVar[Pieces | None] = ContextVar("pieces", default=None)
_PLACES = {"stdout": 1, "stderr": 2}


@contextmanager
def kept_pieces() -> Iterator[Pieces]:
    """Keep what this thread prints inside the `with` block."""
    pieces: Pieces = []
    before = _pieces.set(pieces)
    try:
        yield pieces
    finally:
        _pieces.reset(before)


class RoutedStream:
    """Standard output or error: of the thread's caller if it has one, else of this process."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, stream: TextIO, name: str) -> None:
        self._stream = stream
        self._name = name

    def write(self, text: str) -> int:
        pieces = _pieces.get()
        if pieces is None:
            return self._stream.write(text)
        if pieces and pieces[-1][0] == self._name:
            pieces[-1] = (self._name, pieces[-1][1] + text)
        else:
            pieces.append((self._name, text))
        return len(text)

    def flush(self) -> None:
        if _pieces.get() is None:
            self._stream.flush()

    def isatty(self) -> bool:
        other = caller()
        return other.terminals[_PLACES[self._name]] if other else self._stream.isatty()

    def fileno(self) -> int:
        if _pieces.get() is not None:
            raise io.UnsupportedOperation("fileno")
        return self._stream.fileno()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
