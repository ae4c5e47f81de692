"""Reads the head of a server's answer; its body is never read."""

from __future__ import annotations

import re
from asyncio import IncompleteReadError, LimitOverrunError, StreamReader
from typing import NamedTuple

MOST_BYTES = 65_536
"""Of a head; servers of today allow 8 to 32 KiB."""
_MOST_INTERIM = 5
"""Answers such as `103 Early Hints` before the real one (RFC 9110, 15.2)."""
_STATUS = re.compile(rb"HTTP/1\.[01] ([1-5][0-9][0-9])(?: [^\r\n]*)?\r?")
_REDIRECTS = (301, 302, 303, 307, 308)


class BadAnswer(Exception):
    """What a server sent is not HTTP."""


class Head(NamedTuple):
    """What is looked at in an answer."""

    status: int
    location: str = ""

    @property
    def is_redirect(self) -> bool:
        return self.status in _REDIRECTS and bool(self.location)


async def read_head(reader: StreamReader) -> Head:
    """Return the head of the first answer that is not an interim one; raises `BadAnswer` and `OSError`."""
    for _ in range(_MOST_INTERIM):
        head = parse_head(await _raw_head(reader))
        if head.status >= 200:
            return head
    raise BadAnswer


async def _raw_head(reader: StreamReader) -> bytes:
    rows: list[bytes] = []
    size = 0
    while size <= MOST_BYTES:
        try:
            rows.append(await reader.readuntil(b"\n"))
        except (IncompleteReadError, LimitOverrunError) as error:
            raise BadAnswer from error
        if rows[-1] in (b"\r\n", b"\n"):
            return b"".join(rows)
        if not rows[0].startswith(b"HTTP/1."):
            break
        size += len(rows[-1])
    raise BadAnswer


def parse_head(raw: bytes) -> Head:
    """Return what a head says; raises `BadAnswer` if it is none."""
    status, *rows = raw.split(b"\n")
    found = _STATUS.fullmatch(status)
    if not found:
        raise BadAnswer
    locations = [value.strip() for name, _, value in (row.partition(b":") for row in rows) if _is_location(name)]
    try:
        return Head(int(found[1]), locations[0].decode("utf-8") if locations else "")
    except UnicodeDecodeError as error:
        raise BadAnswer from error


def _is_location(name: bytes) -> bool:
    return name.lower() == b"location"
