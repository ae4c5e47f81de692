"""The body of a request, as far as it is not too long."""

from __future__ import annotations

from http import HTTPStatus

from starlette.requests import Request

from kb.serve.problems import Refused

_MOST_BYTES = 1_000_000


async def body_of(request: Request) -> bytes:
    """Return the body; raises `Refused` as soon as it is too long."""
    _refuse_longer(int(request.headers.get("content-length", "0")))
    body = bytearray()
    async for part in request.stream():
        body += part
        _refuse_longer(len(body))
    return bytes(body)


def _refuse_longer(length: int) -> None:
    if length > _MOST_BYTES:
        detail = f"the body is longer than {_MOST_BYTES:,} bytes; ask with less"
        raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail, {"Connection": "close"})
