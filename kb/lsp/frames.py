"""Messages as they are framed in a stream: a header with their length, an empty line, and their bytes."""

from __future__ import annotations

import re
from threading import Lock
from typing import BinaryIO

MOST_BYTES = 256_000_000
"""Longest message that is read: a document of 64 MB is up to four times as long as JSON."""
_LONGEST_LINE = 1000
_MOST_LINES = 20
_LENGTH = re.compile(rb"content-length:[ \t]*(\d{1,12})[ \t]*", re.IGNORECASE)
_ANY_HEADER = re.compile(rb"[\w-]{1,100}:[^\r\n]*")


class BrokenFrame(Exception):
    """What was read is not the beginning of a message, so it is not known where the next one begins."""


def read_frame(stream: BinaryIO) -> bytes | None:
    """Return the bytes of the next message; None if the stream has ended. Raises `BrokenFrame`."""
    length = None
    for number in range(_MOST_LINES):
        line = stream.readline(_LONGEST_LINE)
        if not line and not number:
            return None
        row = line.rstrip(b"\r\n")
        if not line.endswith(b"\n"):
            raise BrokenFrame("a header that is not ended")
        if not row:
            return _body(stream, length)
        if match := _LENGTH.fullmatch(row):
            length = int(match[1])
        elif not _ANY_HEADER.fullmatch(row) or row.lower().startswith(b"content-length"):
            raise BrokenFrame("a line that is no header")
    raise BrokenFrame(f"more than {_MOST_LINES} headers")


def _body(stream: BinaryIO, length: int | None) -> bytes:
    if length is None:
        raise BrokenFrame("a message without its length")
    if length > MOST_BYTES:
        raise BrokenFrame(f"a message of {length:,} bytes, more than {MOST_BYTES:,}")
    body = stream.read(length)
    if len(body) < length:
        raise BrokenFrame("the stream ended within a message")
    return body


class Writer:
    """Writes to a stream for several threads; each call is one message with its header."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._lock = Lock()

    def write(self, data: bytes) -> None:
        with self._lock:
            self._stream.write(data)
            self._stream.flush()

    def close(self) -> None:
        with self._lock:
            self._stream.flush()
