"""The body of a request, as far as it is not too long."""

from __future__ import annotations

from http import HTTPStatus

from starlette.requests import Request

from kb.serve.problems import Refused

_MOST_BYTES = 1_000_000
_MOST_BYTES_READ = 10_000_000
"""A body that is too long is read to its end up to here: the answer may be lost if the client is still sending."""


async def body_of(request: Request) -> bytes:
    """Return the body; raises `Refused` if it is too long."""
    told = int(request.headers.get("content-length", "0"))
    _refuse_above(_MOST_BYTES_READ, told)
    most = max(_MOST_BYTES, told)  # of one that comes in pieces nobody knows the end
    body, length = bytearray(), 0
    async for part in request.stream():
        length += len(part)
        _refuse_above(most, length)
        if length <= _MOST_BYTES:
            body += part
    _refuse_above(_MOST_BYTES, length)
    return bytes(body)


def _refuse_above(most: int, length: int) -> None:
    if length > most:
        detail = f"the body is longer than {_MOST_BYTES:,} bytes; ask with less"
        raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail, {"Connection": "close"})
