"""One request to a server at a Unix socket, and its answer, within a time."""

from __future__ import annotations

import socket
from time import monotonic

_SECONDS_TO_CONNECT = 0.2
_MOST_BYTES = 50_000_000


def answer_of(path: str, target: str, body: bytes | None, seconds: float) -> bytes | None:
    """Return the body of an answer with status 200, None for any other, and for one that is not complete.

    Without a body it is a GET request. Raises `OSError` if nobody answers in time, and `ValueError` for too much.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(min(_SECONDS_TO_CONNECT, seconds))
        connection.connect(path)
        connection.settimeout(seconds)
        length = "" if body is None else f"Content-Length: {len(body)}\r\n"
        method = "GET" if body is None else "POST"
        head = f"{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{length}\r\n"
        connection.sendall(head.encode() + (body or b""))
        return _body_of(_received(connection, seconds))


def _received(connection: socket.socket, seconds: float) -> bytes:
    """Return all that is sent; raises `TimeoutError` if that takes too long, and `ValueError` if it is too much."""
    received, deadline = bytearray(), monotonic() + seconds
    while part := connection.recv(65_536):
        received += part
        if len(received) > _MOST_BYTES:
            raise ValueError
        connection.settimeout(max(deadline - monotonic(), 0.001))
    return bytes(received)


def _body_of(response: bytes) -> bytes | None:
    head, found, body = response.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    if not found or b" 200 " not in lines[0]:
        return None
    lengths = [line.partition(b":")[2] for line in lines[1:] if line.lower().startswith(b"content-length:")]
    return body if lengths and int(lengths[0]) == len(body) else None
